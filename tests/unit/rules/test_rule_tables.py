"""Every shipped rule table: sample rows with expected answers, and the proof that nothing overlaps or is left out."""

import pytest

from engine.bpmn import Element, ProcessModel, UserTaskSpec, read_processes
from engine.dmn import Decision, analyse
from tests.unit.rules.shipped import FILES, ROOT, all_decisions, answer, codes_of, decisions_of, rows_of

DECISIONS = all_decisions()
CENTRE = "230100"
DAOLI, ZHAOLIN = "230102", "230102001"
DISTRICTS = sorted(row["code"] for row in rows_of("city/units.csv") if row["kind"] == "district")
USABLE = sorted(row["code"] for row in rows_of("codes/categories.csv") if row["level"] == "2" or row["parent"] == "H")


@pytest.mark.parametrize("key", DECISIONS)
def test_the_analysis_of_a_shipped_table_finds_nothing_wrong(key):
    found = [finding for finding in analyse(DECISIONS[key]) if finding.severity in ("error", "warning")]
    assert found == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_bears_the_name_of_its_last_decision_or_of_the_flow_whose_tables_it_holds(file):
    flows = {diagram.stem for diagram in (ROOT / "processes").glob("*.bpmn")}
    assert file.stem in flows | {list(decisions_of(file))[-1]}


@pytest.mark.parametrize("key", DECISIONS)
def test_every_row_says_where_it_comes_from(key):
    assert [rule.number for rule in DECISIONS[key].table.rules if not rule.annotation] == []


@pytest.mark.parametrize(
    ("label", "text", "category", "request_type"),
    [
        (None, "家里暖气不热\n室温只有十四度，请热企上门", "H0101", "投诉"),
        (None, "路口井盖丢失\n天黑看不见，有人踩空", "C0101", "投诉"),
        (None, "雪后路面结冰\n请安排清雪", "E0507", "投诉"),
        (None, "包工头拖欠工资\n十个人的工资一直没给，请帮忙讨薪", "H0201", "求助"),
        (None, "低保怎么申请？\n需要什么材料", "H0901", "咨询"),
        (None, "建议增加公交班次\n冬天等半小时", "H0601", "建议"),
        (None, "举报无证经营的诊所\n没有任何证照", "H0401", "举报"),
        (None, "今天天气很好\n想说的就是这些", "E0603", "投诉"),
        ("供暖", "反映一件事\n详见附件", "H0101", "投诉"),
        ("暴露垃圾", "反映一件事\n详见附件", "E0102", "投诉"),
        ("E0102", "反映一件事\n详见附件", "E0102", "投诉"),
        ("城乡建设", "反映一件事\n正文提到暖气，但标题没有", "H01", "投诉"),
        ("城乡建设", "小区暖气不热\n正文", "H0101", "投诉"),
        ("没有这个标签", "反映一件事\n正文提到暖气，但标题没有", "E0603", "投诉"),
    ],
)
def test_category_looks_at_the_label_then_at_keywords_then_at_the_theme(label, text, category, request_type):
    assert answer("category", {"label": label, "text": text}) == {"category": category, "request_type": request_type}


def test_category_answers_a_very_long_text_without_a_label():
    assert answer("category", {"label": None, "text": "反映情况\n" + "很长的经过，" * 3000})["category"] == "E0603"


@pytest.mark.parametrize("row", rows_of("codes/categories.csv"), ids=lambda row: row["code"])
def test_the_name_of_a_category_as_label_gives_a_category_of_that_name(row):
    if row["code"] not in USABLE:
        return
    code = answer("category", {"label": row["name"], "text": "反映一件事\n正文"})["category"]
    names = {one["code"]: one["name"] for one in rows_of("codes/categories.csv")}
    assert names[code] == row["name"]


@pytest.mark.parametrize("row", rows_of("codes/labels.csv"), ids=lambda row: row["name"])
def test_a_label_of_the_library_leads_to_the_category_that_it_names(row):
    assert answer("category", {"label": row["name"], "text": "反映一件事\n正文"})["category"] == row["category"]


@pytest.mark.parametrize(
    ("category", "text", "request_type", "expected"),
    [
        ("H0101", "暖气不热", "投诉", ("紧急", "直接交办")),
        ("H0101", "热费怎么收", "咨询", ("一般", "逐级上报")),
        ("E0503", "楼道有煤气味", "求助", ("特急", "直接交办")),
        ("H0106", "顶楼着火，有人受伤", "求助", ("特急", "直接交办")),
        ("C0101", "井盖丢了", "投诉", ("紧急", "直接交办")),
        ("C0101", "井盖有响声", "投诉", ("一般", "逐级上报")),
        ("E0507", "什么时候清雪", "咨询", ("一般", "直接交办")),
        ("H0501", "退款难", "投诉", ("一般", "逐级上报")),
    ],
)
def test_urgency_follows_from_category_and_words(category, text, request_type, expected):
    found = answer("urgency", {"category": category, "text": text, "request_type": request_type})
    assert (found["urgency"], found["route"]) == expected


@pytest.mark.parametrize(
    ("category", "condition", "urgency", "request_type", "limit", "closing"),
    [
        ("E0502", "water_unfenced", "紧急", "投诉", (3, "紧急工作时"), "现场围护"),
        ("E0502", "water_unrepaired", "紧急", "投诉", (8, "紧急工作时"), "修复"),
        ("E0502", "water_uneven", "一般", "投诉", (5, "工作日"), "恢复路面"),
        ("E0503", "gas_unrepaired", "特急", "投诉", (2, "紧急工作日"), "修复"),
        ("C0101", "cover_unfenced", "紧急", "投诉", (3, "紧急工作时"), "现场围护"),
        ("C0101", "cover_missing", "紧急", "投诉", (8, "紧急工作时"), "补装"),
        ("C0101", None, "一般", "投诉", (8, "紧急工作时"), "补装或修复"),
        ("E0405", None, "一般", "举报", (3, "紧急工作时"), "取缔"),
        ("E0101", "building", "一般", "举报", (4, "工作时"), "停工"),
        ("E0101", "demolition", "一般", "举报", (20, "工作日"), "拆除"),
        ("H0101", "heat_cold", "紧急", "投诉", (24, "自然小时"), "室温达标"),
        ("H0201", None, "一般", "求助", (10, "工作日"), "支付或移送"),
        ("H0501", None, "特急", "投诉", (24, "自然小时"), "处置并答复"),
        ("H0501", None, "紧急", "投诉", (24, "自然小时"), "处置并答复"),
        ("H0501", None, "一般", "咨询", (1, "工作日"), "答复"),
        ("H0501", None, "一般", "投诉", (5, "工作日"), "办结并答复"),
        ("H0501", None, "一般", None, (5, "工作日"), "办结并答复"),
    ],
)
def test_the_limit_hangs_on_the_filing_condition(category, condition, urgency, request_type, limit, closing):
    inputs = {"category": category, "condition": condition, "urgency": urgency, "request_type": request_type}
    found = answer("filing_condition", inputs)
    assert found["file"] is True
    assert (found["value"], found["unit"], found["calendar"]) == (*limit, "city")
    assert found["closing_condition"] == closing
    assert found["clause"]


@pytest.mark.parametrize("condition", ["not_public", "legal_procedure", "already_settled"])
def test_some_conditions_are_no_reason_to_file(condition):
    found = answer("filing_condition", {"category": "E0502", "condition": condition, "urgency": "紧急"})
    assert (found["file"], found["value"], found["unit"]) == (False, None, None)


def test_every_filing_condition_of_the_table_is_a_code_with_a_known_category():
    used = _constants(DECISIONS["filing_condition"], 1)
    assert used == codes_of("filing_conditions")
    parents = {row["parent"] for row in rows_of("codes/filing_conditions.csv")} - {""}
    assert parents <= codes_of("categories")


@pytest.mark.parametrize("district", DISTRICTS)
def test_the_responsibility_list_names_existing_units_for_every_category_in_every_district(district):
    known = {row["code"] for row in rows_of("city/units.csv")}
    for category in USABLE:
        for row in answer("responsibility_list", {"category": category, "district": district, "street": district}):
            assert {row["lead_unit"], row["supervisor_unit"], *row["co_units"]} <= known
            assert row["basis"]


def test_what_has_no_entry_of_its_own_in_the_responsibility_list_is_left_to_a_person_on_purpose():
    inputs = {"district": DAOLI, "street": ZHAOLIN}
    without = [code for code in USABLE if not answer("responsibility_list", {"category": code, **inputs})]
    assert without == ["C0114", "C0502", "E0603"]
    several = [code for code in USABLE if len(answer("responsibility_list", {"category": code, **inputs})) > 1]
    assert several == ["E0103", "E0301", "E0408", "H01", "H08"]


@pytest.mark.parametrize(
    ("category", "district", "street", "lead", "supervisor"),
    [
        ("H0101", DAOLI, ZHAOLIN, ["230100-GR"], [CENTRE]),
        ("H0101", CENTRE, CENTRE, ["230100-GR"], [CENTRE]),
        ("E0102", DAOLI, ZHAOLIN, [DAOLI], ["230100-CG"]),
        ("E0407", DAOLI, ZHAOLIN, [ZHAOLIN], [DAOLI]),
        ("E0407", DAOLI, DAOLI, [DAOLI], [DAOLI]),
        ("E0102", CENTRE, CENTRE, [], []),
        ("H01", DAOLI, ZHAOLIN, ["230100-ZJ", "230100-CG"], [CENTRE, CENTRE]),
    ],
)
def test_the_responsibility_list_finds_city_district_and_street_units(category, district, street, lead, supervisor):
    found = answer("responsibility_list", {"category": category, "district": district, "street": street})
    assert [row["lead_unit"] for row in found] == lead
    assert [row["supervisor_unit"] for row in found] == supervisor


def test_co_handlers_come_as_a_list():
    (found,) = answer("responsibility_list", {"category": "E0503", "district": DAOLI, "street": DAOLI})
    assert found["co_units"] == ["230100-XF", "230100-YJ"]


@pytest.mark.parametrize("urgency", sorted(codes_of("urgencies")))
@pytest.mark.parametrize("request_type", sorted(codes_of("request_types")))
def test_every_user_task_of_every_diagram_has_people_and_a_decision_about_its_limit(urgency, request_type):
    context = {"urgency": urgency, "request_type": request_type, "channel": "phone"}
    place = {"street": ZHAOLIN, "district": DAOLI, "lead_unit": "230100-GR", "approvers": ["duty_leader@230100"]}
    for element in _user_tasks_of_cases():
        inputs = {**context, **place, "element": element}
        assert element in _constants(DECISIONS["node_time_limit"], 0)
        assert element in _constants(DECISIONS["task_assignment"], 0)
        answer("node_time_limit", inputs)
        people = answer("task_assignment", inputs)
        assert people["groups"]
        assert all(group.count("@") == 1 for group in people["groups"])
        assert people["priority"] == {"一般": 50, "紧急": 70, "特急": 90}[urgency]


@pytest.mark.parametrize(
    ("element", "groups"),
    [
        ("register", ["acceptor@230100"]),
        ("verify", ["grid_worker@230102001", "grid_leader@230102"]),
        ("field_check", ["grid_worker@230102001", "grid_leader@230102", "reviewer@230100"]),
        ("sign", ["handler@230100-GR", "dept_leader@230100-GR"]),
        ("archive", ["archivist@230100"]),
        ("street_review", ["duty_leader@230100"]),
    ],
)
def test_tasks_go_to_the_role_at_the_unit_of_the_case(element, groups):
    place = {"street": ZHAOLIN, "district": DAOLI, "lead_unit": "230100-GR", "urgency": "一般"}
    assert answer("task_assignment", {"element": element, **place})["groups"] == groups


@pytest.mark.parametrize("category", USABLE)
def test_only_public_reports_of_parts_and_events_are_verified_first(category):
    for channel in codes_of("channels"):
        expected = channel in {"phone", "wechat", "app", "website"} and category[0] in "CE"
        assert answer("verification", {"channel": channel, "category": category}) is expected


@pytest.mark.parametrize(
    ("category", "urgency", "round_number", "expected"),
    [
        ("C0101", "一般", 1, True),
        ("E0102", "特急", 3, True),
        ("H0101", "紧急", 1, True),
        ("H0501", "一般", 1, False),
        ("H0501", "一般", 2, True),
    ],
)
def test_parts_and_events_are_checked_on_site(category, urgency, round_number, expected):
    inputs = {"category": category, "urgency": urgency, "round": round_number}
    assert answer("field_check", inputs) is expected


@pytest.mark.parametrize(
    ("score", "same_reporter", "hours", "distance", "expected"),
    [
        (0.9, False, 500, 9000, True),
        (0.6, True, 500, None, True),
        (0.6, False, 10, 100, True),
        (0.6, False, 10, None, True),
        (0.6, False, 10, 800, False),
        (0.6, False, 100, 10, False),
        (0.4, True, 10, None, True),
        (0.4, False, 10, 50, True),
        (0.4, False, 10, None, False),
        (0.2, True, 1, 0, False),
    ],
)
def test_a_duplicate_is_alike_near_and_recent(score, same_reporter, hours, distance, expected):
    inputs = {"score": score, "same_reporter": same_reporter, "hours": hours, "distance_m": distance}
    assert answer("duplicate_check", inputs) is expected


@pytest.mark.parametrize(("category", "days"), [("H0101", 3), ("E0507", 2), ("H0201", 30), ("H0501", 7)])
def test_bursts_are_compared_in_a_short_window_and_lasting_matters_in_a_long_one(category, days):
    assert answer("duplicate_window", {"category": category})["days"] == days


@pytest.mark.parametrize(
    ("satisfaction", "solved", "expected"),
    [("满意", True, True), ("基本满意", True, True), ("非常满意", False, False), ("不满意", True, False)],
)
def test_only_a_solved_case_satisfies(satisfaction, solved, expected):
    assert answer("satisfaction_rule", {"satisfaction": satisfaction, "solved": solved}) is expected


def test_every_group_of_the_tables_has_an_account_in_the_trial_city():
    known = {group for row in rows_of("city/accounts.csv") for group in row["groups"].split(";")}
    for place in _places():
        for approvers in _approvers(place):
            for element in _user_tasks_of_cases():
                inputs = {"element": element, "urgency": "一般", "approvers": approvers, **place}
                groups = answer("task_assignment", inputs)["groups"]
                assert known & set(groups), f"nobody can take {element} at {place}"


def _approvers(place: dict[str, str]) -> list[list[str]]:
    """Return the groups of every level of the tables of approvals at a place."""
    rows = [answer("extension_level", {"extension_kind": "bulk", "approval_level": n, **place}) for n in (1, 2, 3, 4)]
    rows += [answer("return_level", {"return_kind": "evidence", "approval_level": n, **place}) for n in (1, 2)]
    return [row["approvers"] for row in rows]


def _user_tasks() -> list[tuple[ProcessModel, Element, UserTaskSpec]]:
    files = sorted((ROOT / "processes").glob("*.bpmn"))
    models = [model for file in files for model in read_processes(file.read_bytes(), file.name)]
    elements = [(model, element) for model in models for element in model.elements.values()]
    return [(model, element, element.task) for model, element in elements if isinstance(element.task, UserTaskSpec)]


def _user_tasks_of_cases() -> list[str]:
    """Return the user tasks whose people are found by the table of the case flows."""
    found = {element.id for model, element, _ in _user_tasks() if model.policy.assignment_decision == "task_assignment"}
    return sorted(found)


@pytest.mark.parametrize(
    ("model", "element", "task"), _user_tasks(), ids=lambda value: getattr(value, "key", getattr(value, "id", ""))
)
def test_every_user_task_has_people_by_its_diagram_or_by_the_table_of_its_flow(model, element, task):
    policy = model.policy
    if not (task.assignee or task.candidate_groups or task.candidate_users):
        table = DECISIONS[policy.assignment_decision]
        assert element.id in set().union(*(_constants(table, column) for column in range(len(table.table.inputs))))
    # Without a row of its own a task shows the clock of its matter.
    assert policy.limit_decision in DECISIONS


def _places() -> list[dict[str, str]]:
    """Return each place a case can be at, with each unit that can lead there."""
    units = rows_of("city/units.csv")
    streets = [row for row in units if row["kind"] == "street"]
    places = [{"street": row["code"], "district": row["parent"], "lead_unit": row["code"]} for row in streets]
    others = [row["code"] for row in units if row["kind"] in ("department", "district")]
    return places + [{"street": CENTRE, "district": CENTRE, "lead_unit": unit} for unit in others]


def _constants(decision: Decision, column: int) -> set[str]:
    """Return the texts that an input column compares with."""
    cells = [rule.conditions[column].text for rule in decision.table.rules]
    return {part.strip().strip('"') for cell in cells if cell not in ("-", "") for part in cell.split(",")}
