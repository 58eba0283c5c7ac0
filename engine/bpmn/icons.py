"""Small marks inside the shapes of a diagram: outlines in a square of 16, drawn with a line of the shape's colour."""

# Outlines of tasks, drawn in the upper left corner.
TASKS = {
    "userTask": "M8 8.2a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8z"
    "M2.6 14.2v-1.4c0-2 1.5-3.2 3.2-3.2h4.4c1.7 0 3.2 1.2 3.2 3.2v1.4z",
    "manualTask": "M4.5 14V8.2l-1.7-2c-.6-.8.4-1.7 1.1-1.1l2 1.9V2.6c0-1.2 1.7-1.2 1.7 0v4h.5V3.4"
    "c0-1.1 1.6-1.1 1.6 0v3.3h.5V4.6c0-1 1.5-1 1.5 0V10c0 2.5-1.3 4-3.4 4z",
    "serviceTask": "M8 5.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2z"
    "M6.9 1.8h2.2l.3 1.7 1.2.5 1.5-1 1.5 1.5-1 1.5.5 1.2 1.7.3v2.2l-1.7.3-.5 1.2 1 1.5-1.5 1.5-1.5-1-1.2.5"
    "-.3 1.7H6.9l-.3-1.7-1.2-.5-1.5 1-1.5-1.5 1-1.5-.5-1.2-1.7-.3V7.5l1.7-.3.5-1.2-1-1.5L3.9 3l1.5 1 1.2-.5z",
    "businessRuleTask": "M2 3h12v10H2zM2 6.2h12M6 6.2V13M2 9.6h12",
    "scriptTask": "M4.5 2h8c-2 2-2 3.5-1 6s1 4-1 6h-8c2-2 2-3.5 1-6s-1-4 1-6zM6 5.4h4M6.5 8.2h4M6.5 11h4",
    "sendTask": "M2 3.5h12v9H2zM2 3.5l6 5 6-5",
    "receiveTask": "M2 3.5h12v9H2zM2 3.5l6 5 6-5",
}
# Marks inside events and gateways, drawn in the middle.
EVENTS = {
    "timer": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.5V8l2.5 1.8M8 2v1.2M8 12.8V14M2 8h1.2M12.8 8H14",
    "message": "M2 4h12v8H2zM2 4l6 4.8L14 4",
    "signal": "M8 2.5l5.5 10h-11z",
    "error": "M2.5 13.5L5.8 3.2l3.6 5L13.5 2.5l-3.3 10.3-3.6-5z",
    "escalation": "M8 2.5l4.5 10.5L8 9l-4.5 4z",
    "link": "M2 6.3h6.5V3.5L14 8l-5.5 4.5V9.7H2z",
    "conditional": "M3.5 2h9v12h-9zM5.5 5h5M5.5 8h5M5.5 11h5",
    "compensate": "M8 3.5v9L2.5 8zM13.5 3.5v9L8 8z",
    "cancel": "M3 5.2L5.2 3 8 5.8 10.8 3 13 5.2 10.2 8l2.8 2.8-2.2 2.2L8 10.2 5.2 13 3 10.8 5.8 8z",
    "terminate": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z",
    "multiple": "M8 2.2l5.8 4.3-2.2 6.9H4.4L2.2 6.5z",
    "parallelMultiple": "M6.4 2.5h3.2v3.9h3.9v3.2H9.6v3.9H6.4V9.6H2.5V6.4h3.9z",
}
GATEWAYS = {
    "exclusiveGateway": "M4.5 4.5l7 7M11.5 4.5l-7 7",
    "parallelGateway": "M8 3v10M3 8h10",
    "inclusiveGateway": "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z",
    "complexGateway": "M8 3v10M3 8h10M4.5 4.5l7 7M11.5 4.5l-7 7",
}
# Marks at the lower edge of activities, pools and data.
MARKERS = {
    "parallel": "M4.5 3v10M8 3v10M11.5 3v10",
    "sequential": "M3 4.5h10M3 8h10M3 11.5h10",
    "loop": "M6 12.6A5 5 0 1 1 10 12.6M6 12.6V9.4M6 12.6H2.8",
    "adHoc": "M2.8 9.4c1.4-3 3.3-3 5.2-1.4s3.8 1.6 5.2-1.4",
    "compensation": "M7.5 4v8L2 8zM13 4v8L7.5 8z",
    "collapsed": "M3 3h10v10H3zM8 5v6M5 8h6",
}
# Marks in the upper left corner of data that come from outside or go there.
DATA = {"dataInput": "M2 6.3h6.5V3.5L14 8l-5.5 4.5V9.7H2z", "dataOutput": "M2 6.3h6.5V3.5L14 8l-5.5 4.5V9.7H2z"}
# The letter of a receive task that begins a process lies in a circle.
BEGINNING_LETTER = "M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8zM3.8 5.2h8.4v5.6H3.8zM3.8 5.2L8 8.4l4.2-3.2"
# What is drawn beside the icon of an activity that is done, or late.
SIGNS = {"done": "M3 8.5l3.2 3.2L13 4.8", "late": "M8 3v6.2M8 11.8v1.4"}
# The fold of a filled letter.
FOLD = "M2 4l6 4.8L14 4"
