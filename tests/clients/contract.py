"""What the document cannot say, and schemathesis has to know."""

import os

import schemathesis


@schemathesis.hook.apply_to(operation_id="login")
def before_add_examples(context, examples):
    """Nobody guesses a password, so the administrator's is told."""
    body = {"email": os.environ["ASHLAR_EMAIL"], "password": os.environ["ASHLAR_PASSWORD"]}
    examples.append(context.operation.Case(body=body, media_type="application/json"))


@schemathesis.hook.apply_to(
    operation_id=[
        "listUsers", "listMySessions", "listUserSessions", "listRoles", "listMyApiKeys", "listAuditEvents", "listMyAuditEvents",
        "listProjects", "listDeadLetters",
    ]
)
def filter_failure(context, failure, case, response):
    """A cursor is sealed: one that is made up has the right form, and gets 400 all the same."""
    refused = failure.code == "ST202" and response.status_code == 400
    return not (refused and {fault.get("parameter") for fault in response.json()["errors"]} == {"cursor"})


@schemathesis.hook.apply_to(operation_id=["refreshTokens", "revokeToken", "introspectToken"])
def filter_failure(context, failure, case, response):  # noqa: F811
    """Nobody guesses a refresh token: one that is made up has the right form, and gets 400 all the same. So does a form
    whose unknown parameters come twice, or hold control characters: no schema of a form forbids that."""
    refused = failure.code == "ST202" and response.status_code == 400
    return not (refused and response.json().get("error") in {"invalid_grant", "invalid_request"})


@schemathesis.hook.apply_to(operation_id="changeMyPassword")
def filter_failure(context, failure, case, response):  # noqa: F811
    """Nobody guesses the present password, and which new one is too short or too easy to guess no schema can tell: the form
    is right, and it gets 422 all the same."""
    positive = failure.code == "ST202" and response.status_code == 422
    return not (positive and all(it["pointer"].endswith("_password") for it in response.json()["errors"]))


@schemathesis.hook.apply_to(operation_id="assignRoles")
def filter_failure(context, failure, case, response):  # noqa: F811
    """Which roles there are no schema can tell: a name of the right form gets 422 when no role has it."""
    positive = failure.code == "ST202" and response.status_code == 422
    return not (positive and all(it["pointer"] == "/roles" for it in response.json()["errors"]))


MAILED = ["acceptInvitation", "cancelEmailChange", "confirmEmailChange", "confirmPasswordReset", "confirmRegistration"]


@schemathesis.hook.apply_to(operation_id=MAILED)
def filter_failure(context, failure, case, response):  # noqa: F811
    """Nobody guesses what was mailed: a token of the right form gets 410, whatever the password is, which is judged after it.
    Which one is too easy to guess no schema can tell."""
    if response.status_code == 410:
        return failure.code not in {"ST201", "ST202"}
    positive = failure.code == "ST202" and response.status_code == 422
    return not (positive and all(it["pointer"] == "/password" for it in response.json()["errors"]))


@schemathesis.hook.apply_to(operation_id="createMyApiKey")
def filter_failure(context, failure, case, response):  # noqa: F811
    """No schema knows what time it is: a key that has ended already, or ends too late, gets 422."""
    positive = failure.code == "ST202" and response.status_code == 422
    return not (positive and all(it["pointer"] == "/expires_at" for it in response.json()["errors"]))
