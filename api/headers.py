"""Headers of every answer: nothing is cached, sniffed, framed or loaded from elsewhere."""

from flask import Flask, Response, request

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# The interactive documentation is a page: its own files, and the inline styles and images that it makes itself.
DOCS_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
DOCS_PREFIX = "/api/v1/docs"
ONE_YEAR = "max-age=31536000; includeSubDomains"


def install(app: Flask) -> None:
    """Set the headers of every answer."""
    app.after_request(protect)


def protect(response: Response) -> Response:
    """Add what is missing; what a resource has set on purpose stays."""
    docs = request.path.startswith(DOCS_PREFIX)
    response.headers.setdefault("Content-Security-Policy", DOCS_POLICY if docs else POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.vary.update(("Cookie", "Authorization", "Accept-Language"))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    return response
