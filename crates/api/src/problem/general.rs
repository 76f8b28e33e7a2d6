//! The kinds that are no feature's own.

use super::kind::kinds;

kinds! {
    BAD_REQUEST = 400 "bad_request", "The request cannot be read",
        "What arrived is not a whole request, or not one of HTTP. Look at what your client sends, \
         and at what stands between it and the server.";
    CORS_REFUSED = 400 "cors_refused", "Pages of this origin may not call so",
        "The browser asked whether a page may send this request. The page's origin, the method or a \
         header is not on the list of what is allowed. Whoever runs the server names origins in \
         cors.allowed_origins.";
    MALFORMED_JSON = 400 "malformed_json", "The body cannot be read as JSON",
        "The detail says where reading stopped. Send one JSON value (RFC 8259) in UTF-8.";
    INVALID_PARAMETER = 400 "invalid_parameter", "A parameter cannot be read",
        "A part of the path, the query or a header has not the form that is asked for, is given twice, \
         or is unknown here. The member errors names each.";
    UNAUTHENTICATED = 401 "unauthenticated", "An access token or an API key is needed",
        "Sign in, and send the access token in the header Authorization: Bearer. Programs send an API key there, where \
         the operation takes one.";
    INVALID_TOKEN = 401 "invalid_token", "The access token or API key is not valid, or no longer",
        "It has expired, its session has ended, its account has changed, the key was deleted, or it is none of this \
         server's. Sign in again for another one.";
    INSUFFICIENT_USER_AUTHENTICATION = 401 "insufficient_user_authentication", "The password was given too long ago for that",
        "max_age, in WWW-Authenticate, says how many seconds ago it may have been. Ask for it and send it to stepUp, then \
         try again with the access token that comes back (RFC 9470).";
    INSUFFICIENT_SCOPE = 403 "insufficient_scope", "A permission is missing",
        "The detail names the permission. Ask an administrator for a role that grants it.";
    SESSION_REQUIRED = 403 "session_required", "An API key is not enough for that",
        "Sessions, passwords, keys and what one has done oneself are for people. Sign in, and send the access token.";
    ORIGIN_REFUSED = 403 "origin_refused", "Pages of this origin may not do that",
        "A browser sends the cookie whichever page asks it to, so the header Origin has to name the server's own \
         origin, or one of cors.allowed_origins; * is not enough. Programs that are no pages have no use for the \
         cookie: they take the refresh token from the body.";
    NOT_FOUND = 404 "not_found", "There is no such thing",
        "Nothing is at this address: it never was, or it has been deleted.";
    METHOD_NOT_ALLOWED = 405 "method_not_allowed", "The method is not allowed here",
        "The header Allow lists the methods that this address knows.";
    NOT_ACCEPTABLE = 406 "not_acceptable", "Accept or Accept-Encoding excludes the answer",
        "The answer has one media type, which the detail names, and can be compressed or not. Accept it, or send \
         neither header.";
    BODY_TIMED_OUT = 408 "body_timed_out", "The body did not arrive in time",
        "Send the whole body at once. The same request may be sent again.";
    STALE = 412 "stale", "It has changed since you looked",
        "Somebody else was faster. Fetch it again, look at what is different, and repeat your change \
         with the new ETag.";
    TOO_LARGE = 413 "too_large", "The body is too large",
        "The detail says how large a body may be here.";
    URI_TOO_LONG = 414 "uri_too_long", "The address is too long",
        "The detail says how long path and query may be together.";
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported_media_type", "The body has another type than is taken here",
        "The detail names the media type. Send the body as that, and not compressed.";
    INVALID = 422 "invalid", "The body is not valid",
        "It can be read, but not all of it is as it should be. The member errors has everything that \
         is wrong with it, each with the place.";
    IF_MATCH_REQUIRED = 428 "if_match_required", "The header If-Match is needed",
        "Send the ETag of the version that you have seen, so that nobody's change is lost; or * for \
         whatever there is now.";
    RATE_LIMITED = 429 "rate_limited", "Too many requests",
        "Too many of its class came from you, or from your network; RateLimit tells on every answer how many are left. Or \
         too many wrong passwords were given for this account, or too much mail was asked for. Wait as many seconds as \
         Retry-After says.";
    HEADERS_TOO_LARGE = 431 "headers_too_large", "The headers are too large",
        "The detail says how much their names and values may have together. Cookies are a usual reason.";
    INTERNAL = 500 "internal", "Something went wrong here",
        "It is the server's fault. The request's id, in instance and X-Request-Id, helps whoever runs it \
         to find out why.";
    UNAVAILABLE = 503 "unavailable", "The service cannot answer just now",
        "Something that it needs is gone or too slow. Send the same request again after the seconds in \
         Retry-After.";
    OVERLOADED = 503 "overloaded", "The service has too much to do just now",
        "Too many requests are at work already. Send the same request again after the seconds in \
         Retry-After.";
}
