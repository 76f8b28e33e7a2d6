//! How the values of an API key look in the document.

use domain::api_keys::ApiKeyName;

use crate::shape::{Text, shape};
use crate::users::ONE_LINE;

shape!(
    ApiKeyNameShape,
    "ApiKeyName",
    Text {
        meaning: "What you know the key by: one line. Blanks around it do not count.",
        lengths: (1, ApiKeyName::MAX),
        pattern: Some(ONE_LINE),
        format: None,
        example: Some("Nightly reports"),
    }
);

shape!(
    ApiKeyTokenShape,
    "ApiKeyToken",
    Text {
        meaning: "A key: its id, its secret and a checksum. Send it as `Authorization: Bearer`.",
        lengths: (110, 110),
        pattern: Some("^ask_[0-9a-f]{32}_[0-9a-f]{64}_[0-9a-f]{8}$"),
        format: None,
        example: Some(
            "ask_01936f5e8c0070008000000000000001_\
                       0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef_523206ec"
        ),
    }
);
