//! Who may know whom.

/// One crate of ours. What is not allowed here is forbidden.
pub(super) struct Layer {
    pub(super) package: &'static str,
    /// Of our own crates, these.
    pub(super) ours: &'static [&'static str],
    /// Of all other crates, these; `None` where it does not matter.
    pub(super) others: Option<&'static [&'static str]>,
    /// Only for its tests.
    pub(super) for_tests: &'static [&'static str],
    /// What it would be worst to see here, with its whole family (`actix-cors` is one of `actix-web`'s). Its `lib.rs`
    /// proves for each of them that it cannot be named.
    pub(super) never: &'static [&'static str],
}

pub(super) const LAYERS: [Layer; 11] = [
    Layer {
        package: "ashlar-domain",
        ours: &[],
        others: Some(&["chrono", "secrecy", "thiserror", "uuid"]),
        for_tests: &[],
        never: &["actix-web", "sea-orm", "serde", "ashlar-application"],
    },
    Layer {
        package: "ashlar-application",
        ours: &["ashlar-domain"],
        others: Some(&[
            "async-trait",
            "chrono",
            "futures-util",
            "secrecy",
            "thiserror",
            "tracing",
            "uuid",
        ]),
        for_tests: &["mockall", "tokio"],
        never: &[
            "actix-web",
            "sea-orm",
            "ashlar-infrastructure",
            "ashlar-api",
        ],
    },
    Layer {
        package: "ashlar-infrastructure",
        ours: &["ashlar-application", "ashlar-domain"],
        others: None,
        for_tests: &[],
        never: &["actix-web", "utoipa", "ashlar-api"],
    },
    Layer {
        package: "ashlar-api",
        ours: &["ashlar-application", "ashlar-domain"],
        others: Some(&[
            "actix-cors",
            "actix-web",
            "chrono",
            "futures-util",
            "garde",
            "ipnet",
            "percent-encoding",
            "secrecy",
            "serde",
            "serde_ignored",
            "serde_json",
            "serde_path_to_error",
            "tracing",
            "utoipa",
            "utoipa-actix-web",
            "utoipa-swagger-ui",
            "uuid",
        ]),
        for_tests: &[],
        never: &[
            "sea-orm",
            "sqlx",
            "argon2",
            "reqwest",
            "aws-lc-rs",
            "jsonwebtoken",
            "ashlar-infrastructure",
        ],
    },
    Layer {
        package: "ashlar-migration",
        ours: &["sea-orm-migration-runner"],
        others: Some(&["async-trait", "sea-orm-migration"]),
        for_tests: &[],
        never: &["ashlar-infrastructure"],
    },
    // Of use to any project, so it knows nothing of this one.
    Layer {
        package: "sea-orm-migration-runner",
        ours: &[],
        others: Some(&[
            "chrono",
            "proc-macro2",
            "sea-orm-migration",
            "sha2",
            "thiserror",
            "tokio",
            "tracing",
        ]),
        for_tests: &[],
        never: &[],
    },
    Layer {
        package: "ashlar-server",
        ours: &[
            "ashlar-api",
            "ashlar-application",
            "ashlar-domain",
            "ashlar-infrastructure",
            "ashlar-migration",
            "sea-orm-migration-runner",
        ],
        others: None,
        // The tests of the binary have to stand beside it, and want a database as all others do.
        for_tests: &["ashlar-tests"],
        never: &[],
    },
    Layer {
        package: "ashlar-tests",
        ours: &[
            "ashlar-api",
            "ashlar-application",
            "ashlar-domain",
            "ashlar-infrastructure",
            "ashlar-migrate",
            "ashlar-migration",
            "ashlar-server",
            "sea-orm-autogenerate",
            "sea-orm-migration-runner",
        ],
        others: None,
        for_tests: &[],
        never: &[],
    },
    Layer {
        // It knows nothing of this product.
        package: "sea-orm-autogenerate",
        ours: &["sea-orm-migration-runner"],
        others: Some(&[
            "clap",
            "futures-util",
            "inventory",
            "sea-orm",
            "sea-orm-migration",
            "serde",
            "serde_json",
            "thiserror",
            "tracing",
            "tracing-core",
            "uuid",
        ]),
        for_tests: &["tokio"],
        never: &[],
    },
    Layer {
        package: "ashlar-migrate",
        ours: &[
            "ashlar-infrastructure",
            "ashlar-migration",
            "sea-orm-autogenerate",
        ],
        others: Some(&["sea-orm-migration", "tokio"]),
        for_tests: &["serde_json", "tempfile"],
        never: &[],
    },
    Layer {
        package: "xtask",
        ours: &[],
        others: None,
        for_tests: &[],
        never: &[],
    },
];

pub(super) fn is_ours(package: &str) -> bool {
    LAYERS.iter().any(|it| it.package == package)
}

impl Layer {
    pub(super) fn allows(&self, package: &str, for_tests: bool) -> bool {
        if for_tests && self.for_tests.contains(&package) {
            return true;
        }
        if is_ours(package) {
            return self.ours.contains(&package);
        }
        let is_listed = self.others.is_none_or(|others| others.contains(&package));
        is_listed && !self.never.iter().any(|it| family(it) == family(package))
    }
}

fn family(package: &str) -> &str {
    let end = package.find(['-', '_']).unwrap_or(package.len());
    &package[..end]
}
