"""Every operation has a rule; what has none is closed to everybody."""

import csv
import re

import pytest
from flask import Flask

from api.auth import PUBLIC, operations, policy_of
from api.config import ROOT

PUBLIC_OPERATIONS = {
    ("/", "GET"),
    ("/healthz", "GET"),
    ("/readyz", "GET"),
    ("/api/v1/sessions", "POST"),
    ("/api/v1/public/cases/<id:query_code>", "GET"),
    ("/api/v1/openapi.json", "GET"),
    ("/api/v1/docs", "GET"),
    ("/api/v1/docs/<string:name>", "GET"),
}


def granted() -> set[str]:
    with (ROOT / "rules/codes/permissions.csv").open(encoding="utf-8") as file:
        return {row["permission"] for row in csv.DictReader(file)}


def test_every_operation_has_a_rule(app: Flask):
    without = [(rule.rule, method) for rule, method in operations(app) if policy_of(app, rule, method) is None]
    assert without == []


def test_only_the_listed_operations_are_open_to_everybody(app: Flask):
    open_ones = {(rule.rule, method) for rule, method in operations(app) if policy_of(app, rule, method) == PUBLIC}
    assert open_ones == PUBLIC_OPERATIONS


def test_every_permission_that_an_operation_asks_for_is_given_to_some_role(app: Flask):
    asked = {name for rule, method in operations(app) for name in policy_of(app, rule, method).any_of}
    assert asked - granted() == set()


def test_every_role_of_the_permissions_is_a_role_of_the_city():
    with (ROOT / "rules/codes/roles.csv").open(encoding="utf-8") as file:
        roles = {row["code"] for row in csv.DictReader(file)}
    with (ROOT / "rules/codes/permissions.csv").open(encoding="utf-8") as file:
        assert {row["role"] for row in csv.DictReader(file)} == roles


def test_an_operation_without_a_rule_is_closed_to_everybody(app: Flask, as_):
    app.add_url_rule("/api/v1/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    for who in (None, "admin", "commander"):
        answer = as_(who).get("/forgotten")
        assert answer.status_code == 403
        assert answer.get_json(force=True)["code"] == "no-rule"


def test_nobody_enters_without_a_sign_in(app: Flask, as_):
    nobody = as_(None)
    for rule, method in operations(app):
        if (rule.rule, method) in PUBLIC_OPERATIONS:
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = re.sub(rf"<\w+:{argument}>", "xx", path)
        answer = nobody.call(method, path)
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "citizen", "admin", "auditor", "designer", "acceptor"])
def test_a_person_is_refused_where_her_roles_give_no_permission(app: Flask, as_, who):
    held = set(as_(who).get("/me").get_json()["permissions"])
    for rule, method in operations(app):
        wanted = set(policy_of(app, rule, method).any_of)
        if not wanted or wanted & held:
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = re.sub(rf"<\w+:{argument}>", "xx", path)
        answer = as_(who).call(method, path)
        assert answer.status_code == 403, (method, path, answer.text)
        assert answer.get_json(force=True)["code"] == "permission-missing"


def test_no_single_role_may_change_accounts_and_also_see_cases_or_deploy():
    with (ROOT / "rules/codes/permissions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    roles: dict[str, set[str]] = {}
    for row in rows:
        roles.setdefault(row["role"], set()).add(row["permission"])
    keepers = [role for role, held in roles.items() if "account.manage" in held]
    for role in keepers:
        assert not {name for name in roles[role] if name.startswith(("case.", "task.", "definition.", "decision."))}
    assert not {"account.manage", "definition.deploy", "decision.deploy", "task.work"} & roles["auditor"]
