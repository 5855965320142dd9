"""Courses of the RENAC for a standard or a trade."""

from dataclasses import replace

from bot import words
from bot.actions.answer import give_answer
from bot.actions.buttons import button, providers_button
from bot.actions.standards import as_spoken, unknown_code
from bot.actions.tools import Act, Ask, Said
from conversations.message import Reply
from search.entries import Item
from search.find import find, resolve
from search.text import trade

_SHOWN = 6
_COURSE_WORDS = frozenset(
    "algun alguno ay hay registrado registrados ustedes uds capacitacion capacitaciones capacitarme clase clases "
    "curso cursos diplomado taller tomar".split()
)


class FindCourse(Act):
    """Says which registered courses are aligned to a standard or sound like a trade."""

    name = "action_find_course"

    async def answer(self, ask: Ask) -> Said:
        """List the courses; always with the reminder that no course is required."""
        index = self.tools.index
        about = " ".join(word for word in trade(ask.about).split() if word not in _COURSE_WORDS)
        code = ask.code or ask.entities.get("ec_code") or (None if about else ask.memory.code)
        if code:
            shown, _ = resolve(index, code)
            if shown is None:
                return unknown_code(index, code)
            return _of_standard(shown, index.courses_of(shown.id))
        hits = find(index, about, kind="course", limit=_SHOWN).hits if about else ()
        if hits:
            lines = [f"{hit.item.title.capitalize()} ({hit.item.standards[0]})" for hit in hits]
            text = "\n".join(["Cursos registrados que se parecen a lo que busca:", *lines, _REMINDER])
            memory = {"act": "find_course", "kind": "course", "ids": (), "trade": about, "code": None}
            return Said([Reply(text, "answered", [_REQUIRED], [_source(hits[0].item)])], hits=hits, memory=memory)
        for hit in find(index, about, kind="standard").hits if about else ():
            aligned = index.courses_of(hit.item.id)
            if aligned:
                said = _of_standard(hit.item, aligned)
                near = f"Lo más parecido a «{about}» con cursos registrados:\n"
                return replace(said, replies=[replace(said.replies[0], text=near + said.replies[0].text)], hits=[hit])
        if about:
            return Said([_none_for(ask.quoted())])
        return await give_answer(self.tools, "curso_obligatorio")


def _none_for(text: str) -> Reply:
    return Reply(
        f"Nuestra copia del registro de cursos no muestra ninguno para «{text}». Puede buscar el estándar "
        "de su oficio y preguntar a sus prestadores si dan capacitación. No es requisito para evaluarse.",
        "not_found",
        [words.FIND_STANDARD, words.FIND_PROVIDER, _REQUIRED],
    )


_REMINDER = (
    "El registro no dice quién los imparte; pregunte a los prestadores del estándar. Recuerde: nadie puede exigirle un "
    "curso para evaluarle."
)
_REQUIRED = button("¿Es obligatorio?", "ask", answer_id="curso_obligatorio")


def _source(item: Item) -> dict[str, str | None]:
    return {"title": "RENAC, Registro Nacional de Cursos", "url": "https://conocer.gob.mx", "as_of": item.as_of}


def _of_standard(standard: Item, courses: list[Item]) -> Said:
    name = f"{standard.id} ({standard.title})"
    memory = {"act": "find_course", "kind": "course", "ids": (), "code": standard.id}
    buttons = [providers_button(standard.id), _REQUIRED]
    if not courses:
        reply = Reply(
            f"Nuestra copia del registro de cursos no muestra ninguno alineado a {name}. Pregunte a los prestadores "
            "acreditados si dan capacitación. No es requisito: nadie puede exigirle un curso para evaluarle.",
            "not_found",
            buttons,
            [_source(standard)],
        )
        return Said([reply], memory=memory, missed=False)
    titles = list(dict.fromkeys(item.title.capitalize() for item in courses))
    more = [f"… y {len(titles) - _SHOWN} más."] if len(titles) > _SHOWN else []
    intro = f"Cursos registrados al {as_spoken(courses[0].as_of)} para {name}:"
    text = "\n".join([intro, *titles[:_SHOWN], *more, _REMINDER])
    return Said([Reply(text, "answered", buttons, [_source(courses[0])])], memory=memory)
