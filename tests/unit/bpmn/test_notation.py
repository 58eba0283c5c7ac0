"""The signs of the notation in pictures: each element looks as BPMN 2.0.2 draws it (chapters 7, 9, 10 and 13)."""

import pytest
from lxml import etree

from engine.bpmn.diagram import Mark, Reached, render
from engine.bpmn.lettering import fit, width_of, wrap
from engine.bpmn.routes import diamond, halfway, off_tick

SVG = "{http://www.w3.org/2000/svg}"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI">'
)
MESSAGE, TIMER, SIGNAL = "<messageEventDefinition/>", "<timerEventDefinition/>", "<signalEventDefinition/>"
TRIGGERED = 'triggeredByEvent="true"'


def drawn(body, places, lines=None, di="", around=""):
    """Return a file with shapes at places, `id → (x, y, width, height)`, and edges through points.

    di      attributes of every shape
    around  elements outside the process
    """
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{key}" {di}><dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
        "</bpmndi:BPMNShape>"
        for key, (x, y, width, height) in places.items()
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge bpmnElement="{key}" messageVisibleKind="{"initiating" if key == "shown" else ""}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        + "</bpmndi:BPMNEdge>"
        for key, points in (lines or {}).items()
    )
    plane = f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">{shapes}{edges}</bpmndi:BPMNPlane>'
    text = f'{HEAD}{around}<process id="p">{body}</process>{plane}</bpmndi:BPMNDiagram></definitions>'
    return text.encode()


def group(content, key, attribute="data-element"):
    [found] = [one for one in etree.fromstring(content).iter(f"{SVG}g") if one.get(attribute) == key]
    return found


def alone(body, size=(100, 80), di="", **options):
    """Return the group of the one element `x`, whose top left corner is at 0, 0."""
    return group(render(drawn(body, {"x": (0, 0, *size)}, di=di), **options), "x")


def event(tag, inner="", attributes="", **options):
    return alone(f'<{tag} id="x" {attributes}>{inner}</{tag}>', (36, 36), **options)


def icons(found):
    return [one.get("data-icon") for one in found.iter(f"{SVG}path") if one.get("data-icon")]


def icon(found, name):
    [path] = [one for one in found.iter(f"{SVG}path") if one.get("data-icon") == name]
    return path


def corner(path):
    """Return where an icon stands: the x and y of its corner."""
    inside = path.get("transform").split(")")[0].removeprefix("translate(")
    return tuple(float(part) for part in inside.split())


def edge(content, key):
    """Return the line of a flow: dash, head at its beginning, head at its end."""
    line = group(content, key, "data-flow").find(f"{SVG}path")
    return line.get("stroke-dasharray"), line.get("marker-start"), line.get("marker-end")


@pytest.mark.parametrize("kind", ["message", "timer", "signal", "conditional", "error", "escalation", "compensate"])
def test_the_start_of_an_event_subprocess_is_one_circle_that_is_dashed_where_it_does_not_interrupt(kind):
    definition = f"<{kind}EventDefinition/>"
    [solid] = event("startEvent", definition).iter(f"{SVG}circle")
    found = event("startEvent", definition, 'isInterrupting="false"')
    [dashed] = found.iter(f"{SVG}circle")

    assert (solid.get("stroke-dasharray"), bool(dashed.get("stroke-dasharray"))) == (None, True)
    assert icons(found) == [kind]


@pytest.mark.parametrize("spelling", ["false", "0"])
def test_a_boundary_event_is_two_circles_that_are_dashed_where_it_does_not_interrupt(spelling):
    for attributes, is_dashed in ((f'cancelActivity="{spelling}"', True), ("", False)):
        circles = list(event("boundaryEvent", TIMER, attributes).iter(f"{SVG}circle"))
        assert [bool(one.get("stroke-dasharray")) for one in circles] == [is_dashed] * 2


@pytest.mark.parametrize(
    ("inner", "attributes", "sign"),
    [
        ("<cancelEventDefinition/>", "", "cancel"),
        (MESSAGE + SIGNAL, "", "multiple"),
        (MESSAGE + SIGNAL, 'parallelMultiple="true"', "parallelMultiple"),
        (MESSAGE + MESSAGE, "", "multiple"),
        (TIMER, 'parallelMultiple="true"', "timer"),
        ("", "", None),
    ],
)
def test_an_event_shows_what_it_waits_for(inner, attributes, sign):
    found = event("boundaryEvent", inner, attributes)

    assert icons(found) == ([sign] if sign else [])
    if sign:
        assert icon(found, sign).get("fill") == "none"


@pytest.mark.parametrize("kind", ["message", "error", "signal", "escalation", "compensate", "cancel", "terminate"])
def test_the_sign_of_an_event_that_throws_is_filled(kind):
    found = event("endEvent", f"<{kind}EventDefinition/>")

    assert icon(found, kind).get("fill") == icon(found, kind).get("stroke")
    assert float(found.find(f"{SVG}circle").get("stroke-width")) > 3, "the heavy line of an end"


def test_the_sign_of_several_results_is_filled():
    found = event("intermediateThrowEvent", MESSAGE + SIGNAL)

    assert icon(found, "multiple").get("fill") != "none"


def test_a_definition_that_an_event_refers_to_is_shown_as_one_inside():
    xml = drawn(
        '<startEvent id="x"><eventDefinitionRef>when</eventDefinitionRef></startEvent>',
        {"x": (0, 0, 36, 36)},
        around='<timerEventDefinition id="when"/>',
    )

    assert icons(group(render(xml), "x")) == ["timer"]


@pytest.mark.parametrize(
    ("attributes", "circles", "sign"),
    [
        ("", 2, "multiple"),
        ('instantiate="true"', 1, "multiple"),
        ('instantiate="true" eventGatewayType="Parallel"', 1, "parallelMultiple"),
        ('instantiate="true" eventGatewayType="Exclusive"', 1, "multiple"),
    ],
)
def test_an_event_gateway_that_begins_a_process_has_one_circle(attributes, circles, sign):
    found = alone(f'<eventBasedGateway id="x" {attributes}/>', (50, 50))

    assert (len(list(found.iter(f"{SVG}circle"))), icons(found)) == (circles, [sign])


@pytest.mark.parametrize("kind", ["exclusive", "parallel", "inclusive", "complex"])
def test_every_gateway_has_its_sign(kind):
    assert icons(alone(f'<{kind}Gateway id="x"/>', (50, 50))) == [f"{kind}Gateway"]


def test_an_event_subprocess_has_a_dotted_border():
    dotted = alone(f'<subProcess id="x" {TRIGGERED}/>', di='isExpanded="true"').find(f"{SVG}rect")
    plain = alone('<subProcess id="x"/>', di='isExpanded="true"').find(f"{SVG}rect")

    assert (bool(dotted.get("stroke-dasharray")), plain.get("stroke-dasharray")) == (True, None)


@pytest.mark.parametrize(("attribute", "is_dashed"), [("", False), ('isInterrupting="false"', True)])
def test_a_collapsed_event_subprocess_shows_what_begins_it(attribute, is_dashed):
    start = f'<startEvent id="s" {attribute}>{TIMER}</startEvent>'
    found = alone(f'<subProcess id="x" {TRIGGERED}>{start}</subProcess>')
    [circle] = found.iter(f"{SVG}circle")

    assert icons(found) == ["timer", "collapsed"]
    assert bool(circle.get("stroke-dasharray")) is is_dashed
    assert (float(circle.get("cx")), float(circle.get("cy"))) < (25, 25), "in the upper left corner"


def test_an_expanded_event_subprocess_leaves_its_start_to_itself():
    start = f'<startEvent id="s">{TIMER}</startEvent>'

    assert icons(alone(f'<subProcess id="x" {TRIGGERED}>{start}</subProcess>', di='isExpanded="true"')) == []


def test_a_transaction_has_a_double_border():
    outer, inner = alone('<transaction id="x"/>', di='isExpanded="true"').iter(f"{SVG}rect")

    assert float(inner.get("x")) > float(outer.get("x"))
    assert float(inner.get("width")) < float(outer.get("width"))
    assert len(list(alone('<subProcess id="x"/>').iter(f"{SVG}rect"))) == 1


MANY, ONE_BY_ONE = "<multiInstanceLoopCharacteristics/>", '<multiInstanceLoopCharacteristics isSequential="true"/>'
LOOP, UNDOES = "<standardLoopCharacteristics/>", 'isForCompensation="true"'


@pytest.mark.parametrize(
    ("tag", "attributes", "inner", "expected"),
    [
        ("task", "", "", []),
        ("task", "", LOOP, ["loop"]),
        ("task", "", MANY, ["parallel"]),
        ("task", "", ONE_BY_ONE, ["sequential"]),
        ("task", UNDOES, "", ["compensation"]),
        ("task", UNDOES, MANY, ["parallel", "compensation"]),
        ("subProcess", "", "", ["collapsed"]),
        ("subProcess", UNDOES, LOOP, ["loop", "compensation", "collapsed"]),
        ("adHocSubProcess", UNDOES, ONE_BY_ONE, ["sequential", "adHoc", "compensation", "collapsed"]),
        ("transaction", "", "", ["collapsed"]),
        ("callActivity", "", "", ["collapsed"]),
        ("callActivity", UNDOES, LOOP, ["loop", "compensation", "collapsed"]),
    ],
)
def test_signs_stand_side_by_side_in_the_middle_of_the_lower_edge(tag, attributes, inner, expected):
    found = alone(f'<{tag} id="x" {attributes}>{inner}</{tag}>')
    corners = [corner(icon(found, sign)) for sign in expected]

    assert icons(found) == expected
    assert [x for x, _ in corners] == [50 - 8 * len(expected) + 16 * place for place in range(len(expected))]
    assert {y for _, y in corners} <= {62.0}


def test_an_expanded_ad_hoc_subprocess_has_its_tilde_and_no_plus():
    assert icons(alone('<adHocSubProcess id="x"/>', di='isExpanded="true"')) == ["adHoc"]


def test_a_subprocess_without_a_word_about_it_is_expanded_where_something_inside_is_drawn():
    body = '<subProcess id="x"><task id="inside"/></subProcess>'
    here, inside = {"x": (0, 0, 200, 200)}, {"inside": (50, 50, 100, 80)}

    assert icons(group(render(drawn(body, here)), "x")) == ["collapsed"]
    assert icons(group(render(drawn(body, here | inside)), "x")) == []
    told = render(drawn(body, here | inside, di='isExpanded="false"'))
    assert icons(group(told, "x")) == ["collapsed"], "the shape says so itself"


def test_a_subprocess_lies_behind_what_is_inside_whichever_comes_first():
    body = '<subProcess id="outer"><subProcess id="inner"><task id="t"/></subProcess></subProcess>'
    places = {"t": (60, 60, 100, 80), "inner": (40, 40, 200, 200), "outer": (0, 0, 400, 400)}
    found = etree.fromstring(render(drawn(body, places)))

    order = [one.get("data-element") for one in found.iter(f"{SVG}g") if one.get("data-element")]
    assert order == ["outer", "inner", "t"]


@pytest.mark.parametrize(
    ("tag", "attributes", "expected"),
    [
        ("sendTask", "", ["sendTask", "fold"]),
        ("receiveTask", "", ["receiveTask"]),
        ("receiveTask", 'instantiate="true"', ["receiveTask-instantiates"]),
        ("callActivity", 'calledElement="g"', ["userTask"]),
    ],
)
def test_a_task_shows_its_kind(tag, attributes, expected):
    xml = drawn(f'<{tag} id="x" {attributes}/>', {"x": (0, 0, 100, 80)}, around='<globalUserTask id="g"/>')

    assert icons(group(render(xml), "x")) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<dataObjectReference id="x" dataObjectRef="d"/><dataObject id="d"/>', []),
        ('<dataObjectReference id="x" dataObjectRef="d"/><dataObject id="d" isCollection="true"/>', ["parallel"]),
        ('<dataInput id="x"/>', ["dataInput"]),
        ('<dataOutput id="x" isCollection="true"/>', ["dataOutput", "parallel"]),
    ],
)
def test_data_are_a_page_with_a_folded_corner(body, expected):
    found = alone(body, (36, 50))
    page = found.find(f"{SVG}path").get("d")

    assert icons(found) == expected
    assert page == "M0 0H25L36 11V50H0Z"
    for sign in {"dataInput", "dataOutput"} & set(expected):
        assert (icon(found, sign).get("fill") == "none") is (sign == "dataInput")


def test_data_are_written_below_with_their_state():
    body = '<dataObjectReference id="x" dataObjectRef="d"><dataState name="已登记"/></dataObjectReference>'
    found = etree.fromstring(render(drawn(f'{body}<dataObject id="d" name="事件"/>', {"x": (0, 0, 36, 50)})))

    [text] = found.iter(f"{SVG}text")
    assert text.text == "事件 [已登记]"
    assert float(text.get("y")) > 50


def test_a_store_of_data_is_a_cylinder():
    outline = alone('<dataStoreReference id="x"/>', (50, 50)).find(f"{SVG}path").get("d")

    assert outline.count("a25 6") == 2, "an arc above and one below"


def test_a_group_is_a_rounded_frame_of_dashes_and_dots_with_the_name_of_its_category():
    body, category = '<group id="x" categoryValueRef="v"/>', '<category><categoryValue id="v" value="处置"/></category>'
    content = render(drawn(body, {"x": (0, 0, 300, 200)}, around=category))
    frame = group(content, "x").find(f"{SVG}rect")

    assert len(frame.get("stroke-dasharray").split()) == 4
    assert (frame.get("fill"), bool(frame.get("rx"))) == ("none", True)
    assert [one.text for one in etree.fromstring(content).iter(f"{SVG}text")] == ["处置"]


def test_a_note_keeps_its_text_to_the_left_and_chinese_lines_without_a_gap():
    found = alone('<textAnnotation id="x"><text>按条例\n两日内办理</text></textAnnotation>', (130, 30))

    assert [(one.text, one.get("text-anchor")) for one in found.iter(f"{SVG}text")] == [("按条例两日内办理", None)]


LINE = {"x": ((0, 0), (100, 0))}
TASKS, SPOT = '<task id="a"/><task id="b"/>', {"a": (-100, -40, 100, 80)}


@pytest.mark.parametrize(
    ("direction", "heads"),
    [
        ("", (None, None)),
        ('associationDirection="None"', (None, None)),
        ('associationDirection="One"', (None, "url(#open)")),
        ('associationDirection="Both"', ("url(#open-back)", "url(#open)")),
    ],
)
def test_an_association_is_dotted_with_open_arrows_where_it_has_a_direction(direction, heads):
    body = f'{TASKS}<association id="x" sourceRef="a" targetRef="b" {direction}/>'
    dash, *found = edge(render(drawn(body, SPOT, LINE)), "x")

    assert (bool(dash), tuple(found)) == (True, heads)


@pytest.mark.parametrize("kind", ["dataInputAssociation", "dataOutputAssociation"])
def test_data_go_along_a_dotted_line_with_an_open_arrow(kind):
    body = f'<task id="a"><{kind} id="x"/></task>'
    dash, begin, end = edge(render(drawn(body, SPOT, LINE)), "x")

    assert (bool(dash), begin, end) == (True, None, "url(#open)")


def test_the_open_arrow_is_not_filled():
    found = etree.fromstring(render(drawn(TASKS, SPOT)))
    heads = {one.get("id"): one.find(f"{SVG}path").get("fill") for one in found.iter(f"{SVG}marker")}

    assert (heads["open"], heads["message-begin"], heads["message-end"]) == ("none", "#ffffff", "#ffffff")
    assert heads["arrow"] not in {"none", "#ffffff"}


@pytest.mark.parametrize(("key", "letters"), [("plain", 0), ("shown", 2)])
def test_a_message_flow_is_dashed_from_a_circle_to_an_outlined_arrow(key, letters):
    flows = f'<collaboration id="c"><messageFlow id="{key}" sourceRef="a" targetRef="b"/></collaboration>'
    content = render(drawn(TASKS, SPOT, {key: LINE["x"]}, around=flows))
    dash, begin, end = edge(content, key)

    assert (bool(dash), begin, end) == (True, "url(#message-begin)", "url(#message-end)")
    parts = list(group(content, key, "data-flow"))
    assert len(parts) == 1 + letters, "a letter where the message is shown"


@pytest.mark.parametrize(("source", "parts"), [("task", 2), ("exclusiveGateway", 1)])
def test_a_conditional_flow_begins_with_a_diamond_unless_a_gateway_says_so_already(source, parts):
    condition = "<conditionExpression>amount &gt; 1</conditionExpression>"
    body = (
        f'<{source} id="a"/><task id="b"/><sequenceFlow id="x" sourceRef="a" targetRef="b">{condition}</sequenceFlow>'
    )
    paths = group(render(drawn(body, SPOT, LINE)), "x", "data-flow").findall(f"{SVG}path")

    assert len(paths) == parts
    assert [one.get("d") for one in paths[1:]] == [diamond(LINE["x"])][: parts - 1]
    assert diamond(LINE["x"]) == "M0 0L6.5 4.5L13 0L6.5 -4.5Z"


@pytest.mark.parametrize(("maximum", "expected"), [("3", ["parallel"]), ("1", [])])
def test_a_pool_for_several_participants_has_three_bars(maximum, expected):
    pool = f'<participant id="x"><participantMultiplicity maximum="{maximum}"/></participant>'
    xml = drawn("", {"x": (0, 0, 400, 200)}, around=f'<collaboration id="c">{pool}</collaboration>')

    assert icons(etree.fromstring(render(xml))) == expected


@pytest.mark.parametrize(
    "body",
    [
        *(f'<{tag} id="x"/>' for tag in ("startEvent", "endEvent", "intermediateThrowEvent", "boundaryEvent")),
        *(f'<{kind}Gateway id="x"/>' for kind in ("exclusive", "parallel", "inclusive", "complex", "eventBased")),
        *(f'<{tag} id="x"/>' for tag in ("task", "userTask", "callActivity", "transaction", "adHocSubProcess")),
        f'<subProcess id="x" {TRIGGERED}/>',
    ],
)
@pytest.mark.parametrize("di", ["", 'isExpanded="true"'])
def test_live_and_late_are_heavy_on_every_kind_of_element(body, di):
    def outline(mark):
        found = alone(body, di=di, marks={} if mark is None else {"x": mark})
        shape = next(one for one in found if one.tag != f"{SVG}title")
        return found.get("data-mark"), float(shape.get("stroke-width")), shape.get("fill"), shape.get("stroke")

    plain, done, live, late = (outline(mark) for mark in (None, Mark.DONE, Mark.LIVE, Mark.LATE))
    assert [one[0] for one in (plain, done, live, late)] == [None, "done", "live", "late"]
    assert len({one[2:] for one in (plain, done, live, late)}) == 4
    assert plain[1] == done[1] <= live[1] == late[1]
    if "endEvent" not in body:
        assert live[1] > plain[1]


@pytest.mark.parametrize("body", ['<userTask id="x"/>', f'<subProcess id="x" {TRIGGERED}>{{}}</subProcess>'])
def test_an_activity_that_is_done_or_late_has_a_sign_beside_its_icon(body):
    start = f'<startEvent id="s">{TIMER}</startEvent>'
    for mark in (Mark.DONE, Mark.LATE):
        found = alone(body.format(start), marks={"x": mark})
        assert corner(icon(found, mark.value)) == (26, 5)
    assert not {"done", "late"} & set(icons(alone(body.format(start), marks={"x": Mark.LIVE})))


def test_a_name_on_a_live_subprocess_has_its_halo_in_the_colour_of_the_ground():
    body = '<subProcess id="x"><startEvent id="s" name="开始"/></subProcess>'
    content = render(drawn(body, {"x": (0, 0, 200, 200), "s": (50, 50, 36, 36)}), {"x": Mark.LIVE})
    ground = group(content, "x").find(f"{SVG}rect").get("fill")

    [text] = [one for one in etree.fromstring(content).iter(f"{SVG}text") if one.text == "开始"]
    assert text.get("stroke") == ground != "#ffffff"


COVERED = f"""<startEvent id="start"/><task id="work"/><task id="never"/><endEvent id="end"/>
<boundaryEvent id="late" attachedToRef="work"/><task id="after"/>
<boundaryEvent id="undo" attachedToRef="never"><compensateEventDefinition/></boundaryEvent>
<task id="undone" {UNDOES}/><association id="a" sourceRef="undo" targetRef="undone"/>
<subProcess id="asked" {TRIGGERED}><startEvent id="ask"/><endEvent id="answer"/>
<sequenceFlow id="inside" sourceRef="ask" targetRef="answer"/></subProcess>
<adHocSubProcess id="free"><task id="any"/></adHocSubProcess><task id="apart"/><textAnnotation id="note"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="work"/><sequenceFlow id="f2" sourceRef="work" targetRef="end"/>
<sequenceFlow id="f3" sourceRef="work" targetRef="never"/><sequenceFlow id="f4" sourceRef="late" targetRef="after"/>
<sequenceFlow id="f5" sourceRef="never" targetRef="free"/>"""
SHOWN = ("start", "work", "never", "end", "late", "after", "undo", "undone", "asked", "ask", "free", "any", "apart")


def missed(*taken):
    places = {key: (200 * place, 0, 50, 50) for place, key in enumerate((*SHOWN, "note"))}
    content = render(drawn(COVERED, places), reached=Reached(frozenset(taken), ("到过", "没到过")))
    found = [one for one in etree.fromstring(content).iter(f"{SVG}g") if one.get("data-element")]
    return {one.get("data-element") for one in found if one.get("data-reached") == "no"}


def test_what_no_test_reached_is_faint():
    always = {"apart", "note"}  # Nothing leads there, so nothing is known.

    assert missed() == set(SHOWN) - always
    assert missed("f1", "f2") == {"never", "late", "after", "undo", "undone", "asked", "ask", "free", "any"}
    assert missed("f1", "f3", "f4", "f5") == {"end", "asked", "ask"}
    assert missed("inside", "f1", "f2", "f3", "f4") == {"free", "any"}


def test_flows_of_another_process_in_the_file_are_no_concern_of_a_picture():
    body = "".join(f'<task id="{one}"/><sequenceFlow id="f{one}" sourceRef="{one}" targetRef="z"/>' for one in "ab")
    lines = {"fa": ((50, 0), (90, 0)), "fb": ((50, 99), (90, 99))}
    xml = drawn(body, {"a": (0, 0, 50, 50), "b": (0, 99, 50, 50)}, lines)
    content = render(xml, reached=Reached(frozenset(), ("", ""), frozenset({"fa"})))

    assert [group(content, key).get("data-reached") for key in ("a", "fa", "b")] == ["no", "no", None]
    assert edge(content, "fb") == (None, None, "url(#arrow)")


def test_what_is_faint_has_a_thin_line_and_a_colour_of_its_own():
    flow = '<sequenceFlow id="f" sourceRef="x" targetRef="y"/>'
    for body in (f'<task id="x"/>{flow}', f'<startEvent id="x"/>{flow}', f'<exclusiveGateway id="x"/>{flow}'):
        faint, plain = (alone(body, reached=Reached(frozenset(taken), ("", "")))[0] for taken in ((), ("f",)))
        assert float(faint.get("stroke-width")) < float(plain.get("stroke-width"))
        assert faint.get("stroke") != plain.get("stroke")


def test_circles_of_handlers_do_not_hang_the_picture():
    body = (
        f'<task id="x" {UNDOES}/><boundaryEvent id="k" attachedToRef="x"/>'
        '<association id="a" sourceRef="k" targetRef="x"/>'
    )

    assert alone(body, reached=Reached(frozenset(), ("", ""))).get("data-reached") is None


def test_the_label_of_a_default_flow_keeps_off_its_tick():
    points = [(0, 0), (60, 0)]
    for middle in ((20, -6), (20, 4), (11, 0)):
        x, y = off_tick(points, middle, 40, 14)
        assert abs(y) >= 7 + 7, "above or below the tick"
        assert x == middle[0]
    assert off_tick(points, (100, -6), 40, 14) == (100, -6), "far from the tick, a label stays"
    x, y = off_tick([(0, 0), (0, 60)], (5, 12), 40, 14)
    assert (abs(x) >= 20 + 7, y) == (True, 12)


@pytest.mark.parametrize("points", [((0, 0), (60, 0)), ((0, 0), (0, 60))])
def test_a_long_label_of_a_default_flow_is_not_struck(points):
    flow = '<sequenceFlow id="x" name="不符合立案条件退回" sourceRef="a" targetRef="b"/>'
    content = render(drawn(f'<task id="a" default="x"/><task id="b"/>{flow}', SPOT, {"x": points}))
    found = list(etree.fromstring(content).iter(f"{SVG}text"))

    assert "".join(one.text for one in found) == "不符合立案条件退回"
    for line in found:
        x, y, half = float(line.get("x")), float(line.get("y")), width_of(line.text) * 11 / 2
        if points[1][0]:
            assert y < -6 or y - 11 > 6 or x - half > 15
        else:
            assert x - half > 6 or x + half < -6


def test_a_name_below_gives_way_to_a_flow_that_goes_down():
    def height(target):
        flow = '<sequenceFlow id="x" sourceRef="g" targetRef="b"/>'
        body = f'<exclusiveGateway id="g" name="结论"/><task id="b"/>{flow}'
        content = render(drawn(body, {"g": (0, 0, 50, 50)}, {"x": target}))
        [text] = [one for one in etree.fromstring(content).iter(f"{SVG}text") if one.text == "结论"]
        return float(text.get("y"))

    assert height(((50, 25), (100, 25))) > 50
    assert height(((25, 50), (25, 100))) < 0


def test_the_sheet_is_large_enough_for_every_label():
    root = etree.fromstring(
        render(drawn('<startEvent id="x" name="上报人撤回以后重新登记的事件"/>', {"x": (0, 0, 36, 36)}))
    )
    left, top, width, height = (float(part) for part in root.get("viewBox").split())
    for text in root.iter(f"{SVG}text"):
        half = width_of(text.text) * 11 / 2
        assert left < float(text.get("x")) - half
        assert float(text.get("x")) + half < left + width
        assert top < float(text.get("y")) < top + height - 4


def test_a_word_that_is_too_long_is_broken_where_a_part_ends():
    assert wrap("businessRuleTask", 8, 3) == ["businessRule", "Task"]
    assert wrap("send_the_reminder now", 6, 3) == ["send_the_", "reminder", "now"]
    assert wrap("W" * 30, 8, 5) == ["W" * 14, "W" * 14, "WW"]


def test_a_name_without_room_is_written_smaller_before_it_is_cut():
    assert fit("受理登记", 48, 15, 12) == (["受理登记"], 12)
    assert fit("受理登记", 44, 15, 12) == (["受理登记"], 11)
    assert fit("受理登记", 40, 15, 12) == (["受理登记"], 10)
    assert fit("受理登记", 36, 13, 12) == (["受理…"], 10)


def test_a_text_that_is_cut_keeps_its_blanks():
    assert wrap("Boundary Intermediate Event", 9, 2) == ["Boundary", "Intermediate E…"]
    assert wrap("one two three", 6, 1) == ["one two…"]


def test_a_text_of_a_million_letters_is_cut_at_once():
    assert wrap("字 x" * 400_000, 6, 2)[-1].endswith("…")


def test_the_middle_of_a_line_is_measured_along_it():
    assert halfway([(0, 0), (10, 0), (10, 30)]) == (10, 10)
    assert halfway([(0, 0), (0, 0)]) == (0, 0)
