//! How a project's values look in the document.

use domain::projects::{ProjectDescription, ProjectName};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::dto::STATUSES;
use crate::shape::{Text, shape};

shape!(
    ProjectNameShape,
    "ProjectName",
    Text {
        meaning: "What a project is called: one line, not of blanks alone, and without control \
                  characters and marks that hide or turn text. Blanks around it do not count. Others may have the \
                  same.",
        lengths: (1, ProjectName::MAX),
        pattern: Some(concat!(
            r"^[^\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]*",
            r"[^\s\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]",
            r"[^\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]*$"
        )),
        format: None,
        example: Some("Stone bridge"),
    }
);

shape!(
    ProjectDescriptionShape,
    "ProjectDescription",
    Text {
        meaning: "What a project is about: any number of lines, perhaps none. Blanks around it do not count.",
        lengths: (0, ProjectDescription::MAX),
        pattern: Some(
            r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]*$"
        ),
        format: None,
        example: Some("Twelve arches across the valley"),
    }
);

shape!(
    ProjectStatusShape,
    "ProjectStatus",
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(
            "Whether somebody still works on it; other values may come."
        ))
        .enum_values(Some(STATUSES.iter().map(|(word, _)| *word)))
        .examples([STATUSES[0].0])
);
