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
    "error": "M3 13l3-8.5 3.5 4.5L13 3l-3 8.5-3.5-4.5z",
    "escalation": "M8 2.5l4.5 10.5L8 9l-4.5 4z",
    "link": "M2 6.3h6.5V3.5L14 8l-5.5 4.5V9.7H2z",
    "conditional": "M3.5 2h9v12h-9zM5.5 5h5M5.5 8h5M5.5 11h5",
    "compensate": "M8 3.5v9L2.5 8zM13.5 3.5v9L8 8z",
    "terminate": "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z",
}
GATEWAYS = {
    "exclusiveGateway": "M4.5 4.5l7 7M11.5 4.5l-7 7",
    "parallelGateway": "M8 3v10M3 8h10",
    "inclusiveGateway": "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z",
    "eventBasedGateway": "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 4.8l3.2 2.3-1.2 3.8h-4L4.8 7.1z",
    "complexGateway": "M8 3v10M3 8h10M4.5 4.5l7 7M11.5 4.5l-7 7",
}
# Marks at the lower edge of activities.
PLUS = "M3 3h10v10H3zM8 5v6M5 8h6"
REPEATED = {
    "parallel": "M4.5 3v10M8 3v10M11.5 3v10",
    "sequential": "M3 4.5h10M3 8h10M3 11.5h10",
    "loop": "M6 12.6A5 5 0 1 1 10 12.6M6 12.6V9.4M6 12.6H2.8",
}
CHECK = "M3 8.5l3.2 3.2L13 4.8"
# The fold of a filled letter.
FOLD = "M2 4l6 4.8L14 4"
