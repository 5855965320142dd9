"""Courses of the RENAC for a standard or a trade."""

from rasa_sdk.events import SlotSet

from bot import words
from bot.actions.answer import answer_by_id, not_found
from bot.actions.buttons import button, providers_button
from bot.actions.standards import as_spoken, asked_code, unknown_code
from bot.actions.tools import Ask, OrientaAction, Said
from conversations.message import Reply
from search.entries import Item
from search.find import find, resolve
from search.text import trade

_SHOWN = 6
_COURSE_WORDS = frozenset(
    "capacitacion capacitaciones capacitarme clase clases curso cursos diplomado taller tomar".split()
)


class FindCourse(OrientaAction):
    """Says which registered courses are aligned to a standard or sound like a trade."""

    action_name = "action_find_course"

    async def answer(self, ask: Ask) -> Said:
        """List the courses; always with the reminder that no course is required."""
        index = self.tools.index
        about = " ".join(word for word in trade(ask.about).split() if word not in _COURSE_WORDS)
        code = asked_code(ask) or (None if about else ask.shown_code)
        if code:
            shown, _ = resolve(index, code)
            if shown is None:
                return Said([unknown_code(index, code)], [SlotSet("ec_code", None)])
            return Said([_of_standard(shown, index.courses_of(shown.id))], [SlotSet("ec_code", shown.id)])
        hits = find(index, about, kind="course", limit=_SHOWN).hits if about else ()
        if hits:
            lines = [f"{hit.item.title.capitalize()} ({hit.item.standards[0]})" for hit in hits]
            text = "\n".join(["Cursos registrados que se parecen a lo que busca:", *lines, _REMINDER])
            return Said([Reply(text, "answered", [_REQUIRED], [_source(hits[0].item)])], hits=hits)
        for hit in find(index, about, kind="standard").hits if about else ():
            aligned = index.courses_of(hit.item.id)
            if aligned:
                return Said([_of_standard(hit.item, aligned)], [SlotSet("ec_code", hit.item.id)], [hit])
        if about:
            return Said([_none_for(ask.text)])
        reply = await answer_by_id(self.tools, "curso_obligatorio")
        return Said([reply or not_found()])


def _none_for(text: str) -> Reply:
    return Reply(
        f"Nuestra copia del registro de cursos no muestra ninguno para «{text.strip()[:80]}». Puede buscar el estándar "
        "de su oficio y preguntar a sus prestadores si dan capacitación. No es requisito para evaluarse.",
        "not_found",
        [words.FIND_STANDARD, words.FIND_PROVIDER, _REQUIRED],
    )


_REMINDER = (
    "El registro no dice quién los imparte; pregunte a los prestadores del estándar. Recuerde: nadie puede exigirle un "
    "curso para evaluarle."
)
_REQUIRED = button("¿Es obligatorio?", "ask_information", answer_id="curso_obligatorio")


def _source(item: Item) -> dict[str, str | None]:
    return {"title": "RENAC, Registro Nacional de Cursos", "url": "https://conocer.gob.mx", "as_of": item.as_of}


def _of_standard(standard: Item, courses: list[Item]) -> Reply:
    name = f"{standard.id} ({standard.title})"
    if not courses:
        return Reply(
            f"Nuestra copia del registro de cursos no muestra ninguno alineado a {name}. Pregunte a los prestadores "
            "acreditados si dan capacitación. No es requisito: nadie puede exigirle un curso para evaluarle.",
            "not_found",
            [providers_button(standard.id), _REQUIRED],
            [_source(standard)],
        )
    titles = list(dict.fromkeys(item.title.capitalize() for item in courses))
    more = [f"… y {len(titles) - _SHOWN} más."] if len(titles) > _SHOWN else []
    intro = f"Cursos registrados al {as_spoken(courses[0].as_of)} para {name}:"
    return Reply(
        "\n".join([intro, *titles[:_SHOWN], *more, _REMINDER]),
        "answered",
        [providers_button(standard.id), _REQUIRED],
        [_source(courses[0])],
    )
