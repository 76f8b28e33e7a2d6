//! How a user's values look in the document.

use domain::users::{DisplayName, EmailAddress};

use crate::shape::{Text, shape};

shape!(
    EmailAddressShape,
    "EmailAddress",
    Text {
        meaning: "An address that mail can be sent to, in ASCII; letter case and blanks around it do not \
                  count, and answers have it in lower case.",
        lengths: (3, EmailAddress::MAX),
        pattern: Some(concat!(
            r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*",
            r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$"
        )),
        format: Some("email"),
        example: Some("ada@example.org"),
    }
);

shape!(
    DisplayNameShape,
    "DisplayName",
    Text {
        meaning: "What to call somebody: one line, with something to see on it, and without control \
                  characters and marks that hide or turn text. Blanks around it do not count.",
        lengths: (1, DisplayName::MAX),
        pattern: Some(ONE_LINE),
        format: None,
        example: Some("Ada Lovelace"),
    }
);

/// Without what hides, and with one character that is neither a blank nor displayed as nothing.
pub(crate) const ONE_LINE: &str = concat!(
    r"^[^\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]*",
    r"[^\s\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E",
    r"\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\uFFFE\uFFFF]",
    r"[^\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]*$"
);

shape!(
    NamePrefixShape,
    "NamePrefix",
    Text {
        meaning: "How an address or a name begins; letter case does not count.",
        lengths: (1, DisplayName::MAX),
        pattern: Some(r"^[^\u0000-\u001F\u007F-\u009F]+$"),
        format: None,
        example: Some("ad"),
    }
);
