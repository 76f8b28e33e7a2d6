//! The kinds of OAuth (RFC 6749, section 5.2), which have its form.

use super::kind::kinds;

kinds! { OAuth:
    INVALID_REQUEST = 400 "invalid_request", "The form cannot be read, or lacks something",
        "The body is no form of distinct parameters, or one that is needed is not there. The description \
         says which.";
    INVALID_CLIENT = 400 "invalid_client", "There is no such client",
        "The only client is ashlar. Send that as client_id, or no client_id.";
    INVALID_GRANT = 400 "invalid_grant", "The refresh token is not valid, or no longer",
        "It was used before, or has expired, or its session has ended, or it is none of this server's: \
         which of these is not told. Sign in again.";
    UNSUPPORTED_GRANT_TYPE = 400 "unsupported_grant_type", "Tokens are not given for that",
        "The only grant_type is refresh_token.";
    INVALID_SCOPE = 400 "invalid_scope", "There is no such scope",
        "The only scope is full. Send that as scope, or no scope.";
}
