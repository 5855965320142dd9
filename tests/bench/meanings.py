"""How often the classifier of meanings is right on messages it was not taught: run in Rasa's Python by ``nlu``.

Five folds over the messages in mid-talk; all else is taught every time. Rasa's data are not needed.
"""

import random

import numpy as np
from sklearn.svm import LinearSVC

from bot.examples import INTENTS, NOTHING, Example, read_conversation, read_examples
from bot.nlu.classifier import OrientaIntentClassifier, _Features
from search.encoder import GramEncoder

_FOLDS = 5
_SEED = 1


def main() -> None:
    """Print the shares of right meanings and right intents."""
    said = list(read_conversation())
    random.Random(_SEED).shuffle(said)
    held = set(said)
    always = [example for example in read_examples() if example not in held]
    config, encoder = OrientaIntentClassifier.get_default_config(), GramEncoder()
    first, third, intent, alone = [], [], [], []
    for fold in range(_FOLDS):
        test = said[fold::_FOLDS]
        taught: list[Example] = always + [one for at, one in enumerate(said) if at % _FOLDS != fold]
        features = _Features()
        planes = LinearSVC(C=config["C"], class_weight=config["weights"], random_state=0)
        planes.fit(features.fit([one.text for one in taught], encoder), [one.meant for one in taught])
        order = np.argsort(-planes.decision_function(features.of([one.text for one in test], encoder)), axis=1)
        for one, ranked in zip(test, planes.classes_[order], strict=True):
            first.append(ranked[0] == one.meant)
            third.append(one.meant in ranked[:3])
            intent.append(INTENTS.get(ranked[0], "ask") == INTENTS.get(one.meant, "ask"))
            alone.append(one.after == NOTHING)
    apart = np.array(alone)
    print(
        f"Significados, validación cruzada de {_FOLDS} partes ({len(said)} mensajes en plena conversación, "
        f"{len(planes.classes_)} significados): {np.mean(first):.3f} al primero, {np.mean(third):.3f} entre tres; "
        f"intención {np.mean(intent):.3f}"
    )
    print(f"  los que se entienden solos {np.mean(np.array(first)[apart]):.3f}, los que siguen a algo ", end="")
    print(f"{np.mean(np.array(first)[~apart]):.3f} (sin mirar qué se mostró antes)")


if __name__ == "__main__":
    main()
