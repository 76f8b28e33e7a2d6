use std::fmt;

use serde::Serialize;

use crate::difference::Difference;

/// The answer for all engines.
#[derive(Serialize)]
pub(super) struct Report {
    agree: bool,
    engines: Vec<Engine>,
}

#[derive(Serialize)]
pub(super) struct Engine {
    pub(super) engine: &'static str,
    pub(super) differences: Vec<Difference>,
}

impl Report {
    pub(super) fn of(engines: Vec<Engine>) -> Self {
        Self {
            agree: engines.iter().all(|it| it.differences.is_empty()),
            engines,
        }
    }

    pub(super) fn code(&self) -> u8 {
        u8::from(!self.agree)
    }

    pub(super) fn json(&self) -> String {
        let value = serde_json::json!(self);
        format!("{value:#}")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let engines: Vec<_> = self.engines.iter().map(Engine::to_string).collect();
        f.write_str(&engines.join("\n"))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            engine,
            differences,
        } = self;
        if differences.is_empty() {
            return write!(f, "{engine}: entities and migrations agree");
        }
        let differ = if differences.len() == 1 {
            "1 difference".to_owned()
        } else {
            format!("{} differences", differences.len())
        };
        write!(f, "{engine}: {differ} between entities and migrations")?;
        for difference in differences {
            write!(f, "\n- {difference}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::difference::{Kind, Object, Severity, Side};

    fn report() -> Report {
        let subtitle = Difference {
            object: Object {
                kind: Kind::Column,
                table: Some("users".to_owned()),
                name: "subtitle".to_owned(),
            },
            side: Side::Migrations,
            severity: Severity::Destructive,
            message: "the migrations make it.".to_owned(),
            next: "declare it.".to_owned(),
            migration: Some("m1".to_owned()),
        };
        let engine = |engine, differences| Engine {
            engine,
            differences,
        };
        Report::of(vec![
            engine("sqlite", vec![]),
            engine("postgres", vec![subtitle]),
        ])
    }

    #[test]
    fn one_engine_that_disagrees_is_enough() {
        assert_eq!(
            report().to_string(),
            "sqlite: entities and migrations agree\n\
             postgres: 1 difference between entities and migrations\n\
             - migrations ahead: the migrations make it. It is from m1. To follow the entities would lose values.\n  \
             Next: declare it."
        );
        assert_eq!(report().code(), 1);
    }

    #[test]
    fn programs_read_the_same() {
        let json: serde_json::Value = serde_json::from_str(&report().json()).unwrap();

        assert_eq!(json["agree"], false);
        assert_eq!(
            json["engines"][1]["differences"][0],
            serde_json::json!({
                "object": {"kind": "column", "table": "users", "name": "subtitle"},
                "side": "migrations",
                "severity": "destructive",
                "message": "the migrations make it.",
                "next": "declare it.",
                "migration": "m1",
            })
        );
    }
}
