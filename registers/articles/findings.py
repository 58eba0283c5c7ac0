"""The facts that the automatic review (D14) judges: pure, without any threshold."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from registers.articles.model import Content

# 国办函〔2025〕66号, 哈政规〔2023〕4号
DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,20}〔(?:19|20)[0-9]{2}〕[0-9]{1,5}号")
# 国务院令第741号, 主席令第四十五号
DECREE = re.compile(r"[\u4e00-\u9fff]{2,20}令(?:（[^）]{2,20}）)?(?:第)?[0-9一二三四五六七八九十百]{1,6}号")
# GB/T 33358-2016
STANDARD = re.compile(r"[A-Z]{2,4}(?:/T|/Z)?\s?[0-9]{1,6}(?:\.[0-9]{1,2})?[-—][0-9]{4}")
TITLE = re.compile(r"《[^《》]{2,80}》")
PARTS = re.compile(r"[、；;，,]")
# 18 digits of a person, 11 of a mobile telephone; neither is part of a longer number.
PERSON_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
MOBILE_NUMBER = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
FORBIDDEN, NOTICE, NONE = "forbidden", "notice", "none"
SECTION = "段落“{name}”"
PART_NAMES = {
    "title": "标题",
    "body": "正文",
    "basis": "依据文号",
    "keywords": "关键词",
    "effective_on": "生效日期",
    "expires_on": "失效日期",
}


@dataclass(frozen=True, slots=True)
class Template:
    """What the template of a topic asks for: fields, headings in the text, and its least length."""

    required: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    min_length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found out about a content; the table `knowledge_finding` says what it means.

    missing           parts that the template asks for and that are not there
    too_short         the text is shorter than the template asks for
    words             sensitive words in title, text or keywords
    sensitivity       the gravest of them: `forbidden`, `notice` or `none`
    personal          numbers of persons or mobile telephones in the text, masked
    duplicate_score   likeness of the most alike other article, 0 to 1
    duplicate_no      its number
    validity          `default`, `backwards`, `past`, `too_long` or `fine`
    basis_form        `none`, `malformed` or `fine`
    """

    missing: tuple[str, ...]
    too_short: bool
    words: tuple[str, ...]
    sensitivity: str
    personal: tuple[str, ...]
    duplicate_score: float
    duplicate_no: str | None
    validity: str
    basis_form: str

    def as_variables(self) -> dict[str, object]:
        """Return the facts as a table reads them."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def missing_parts(content: Content, template: Template) -> tuple[str, ...]:
    """Return in Chinese what the template asks for and the content does not have."""
    fields = [PART_NAMES[name] for name in ("title", "body", *template.required) if not getattr(content, name)]
    sections = [SECTION.format(name=name) for name in template.sections if name not in content.body]
    return tuple(dict.fromkeys([*fields, *sections]))


def sensitive_words(content: Content, words: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], str]:
    """Return which of `words` (word, level) stand in the content, and the gravest level.

    Blanks between the characters of a word do not hide it.
    """
    said = re.sub(r"\s+", "", f"{content.title}{content.keywords}{content.body}").casefold()
    found = [(word, level) for word, level in words if word and re.sub(r"\s+", "", word).casefold() in said]
    levels = {level for _, level in found}
    gravest = FORBIDDEN if FORBIDDEN in levels else NOTICE if levels else NONE
    return tuple(word for word, _ in found), gravest


def personal_numbers(content: Content) -> tuple[str, ...]:
    """Return the numbers of persons and mobile telephones that the content gives away, masked."""
    said = f"{content.title}\n{content.keywords}\n{content.body}"
    found = [*PERSON_NUMBER.findall(said), *MOBILE_NUMBER.findall(said)]
    return tuple(dict.fromkeys(f"{number[:3]}****{number[-2:]}" for number in found))


def basis_form(basis: str | None) -> str:
    """Tell whether each document that the content rests on is named as documents are: `none`, `malformed`, `fine`."""
    if not basis or not basis.strip():
        return "none"
    rest = TITLE.sub("", basis)
    parts = [part.strip() for part in PARTS.split(rest) if part.strip()]
    named = bool(TITLE.search(basis)) or bool(parts)
    fine = named and all(any(form.fullmatch(_bare(part)) for form in FORMS) for part in parts)
    return "fine" if fine else "malformed"


def validity_of(content: Content, *, today: date, longest_on: date) -> str:
    """Tell how the days of a content stand; `longest_on` is the last day that the topic's table allows."""
    if content.expires_on is None:
        return "default"
    if content.expires_on <= today:
        return "past"
    if content.effective_on is not None and content.expires_on <= content.effective_on:
        return "backwards"
    return "too_long" if content.expires_on > longest_on else "fine"


def add_months(day: date, months: int) -> date:
    """Return the same day some months later; the last day of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise ValueError(day)


def texts_of(answer: object) -> tuple[str, ...]:
    """Return a table's list of texts."""
    return tuple(str(one) for one in answer) if isinstance(answer, Sequence) and not isinstance(answer, str) else ()


FORMS = (DOCUMENT_NUMBER, DECREE, STANDARD)


def _bare(part: str) -> str:
    """Return a part of the basis without the brackets that stand around a number after a title."""
    return part.removeprefix("（").removesuffix("）") if part.startswith("（") and part.endswith("）") else part
