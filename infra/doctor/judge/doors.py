"""The two addresses that the public may call: each turns away what is not signed, and does so itself."""

from infra.doctor.finding import Finding, ok, wrong


def judge_door(what: str, function: str, status: int) -> Finding:
    """`status`: what a request without a right signature was answered; 0 for no answer at all."""
    if status == 401:
        return ok(f"{what} answers, and turns away what is not signed")
    log = f"aws logs tail /aws/lambda/{function} --since 15m"
    grant = f"aws lambda add-permission --function-name {function} --principal '*' --statement-id"
    open_again = (
        f"aws lambda get-policy --function-name {function}; what is missing there of the two: {grant} public-url "
        f"--action lambda:InvokeFunctionUrl --function-url-auth-type NONE; {grant} public-invoke "
        "--action lambda:InvokeFunction --invoked-via-function-url"
    )
    known = {
        0: ("does not answer", f"see whether this machine reaches it: curl -i -X POST ADDRESS; then {log}"),
        200: (
            "answers 200 to what is not signed",
            f"make deploy; or is that address another function's? aws lambda get-function-url-config --function-name {function}",
        ),
        403: (
            "answers 403: AWS lets nobody in, also not those who sign",
            open_again,
        ),
        404: ("answers 404: there is no function behind it", "make deploy"),
        429: (
            "answers 429: too many functions run at once in this account",
            "AWS console, Service Quotas, AWS Lambda, Concurrent executions: ask for more",
        ),
    }
    problem, todo = known.get(
        status, (f"answers {status}: the function fails", f"put right what is wrong below; else see why: {log}")
    )
    return wrong(f"{what} {problem}", todo)
