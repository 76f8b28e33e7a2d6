use std::fmt;

use serde::Serialize;

use crate::difference::Difference;

/// The answer for all engines.
#[derive(Serialize)]
pub(super) struct Report {
    agree: bool,
    /// What is wrong with it, where the project keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    lock: Option<Vec<String>>,
    engines: Vec<Engine>,
}

#[derive(Serialize)]
pub(super) struct Engine {
    #[serde(rename = "engine")]
    pub(super) name: &'static str,
    /// Of a real database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pending: Option<Vec<String>>,
    pub(super) differences: Vec<Difference>,
}

impl Report {
    pub(super) fn of(lock: Option<Vec<String>>, engines: Vec<Engine>) -> Self {
        let is_sound = lock.iter().all(Vec::is_empty);
        Self {
            agree: is_sound && engines.iter().all(|it| it.differences.is_empty()),
            lock,
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
        let faults = self.lock.iter().flatten();
        let faults = faults.map(|it| format!("migrations.lock: {it}"));
        let all = faults.chain(self.engines.iter().map(Engine::to_string));
        f.write_str(&all.collect::<Vec<_>>().join("\n"))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            pending,
            differences,
        } = self;
        let rival = match pending {
            Some(_) => "the database",
            None => "migrations",
        };
        for migration in pending.iter().flatten() {
            writeln!(f, "{name}: pending is {migration}")?;
        }
        if differences.is_empty() {
            return write!(f, "{name}: entities and {rival} agree");
        }
        let differ = if differences.len() == 1 {
            "1 difference".to_owned()
        } else {
            format!("{} differences", differences.len())
        };
        write!(f, "{name}: {differ} between entities and {rival}")?;
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
        let engine = |name, differences| Engine {
            name,
            pending: None,
            differences,
        };
        let engines = vec![engine("sqlite", vec![]), engine("postgres", vec![subtitle])];
        Report::of(None, engines)
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
    fn a_fault_of_the_lock_is_enough() {
        let agreed = || {
            let engine = Engine {
                name: "sqlite",
                pending: None,
                differences: vec![],
            };
            vec![engine]
        };
        let faulty = Report::of(Some(vec!["seal m1".to_owned()]), agreed());

        assert_eq!(
            faulty.to_string(),
            "migrations.lock: seal m1\nsqlite: entities and migrations agree"
        );
        assert_eq!(faulty.code(), 1);
        assert!(faulty.json().contains("seal m1"));
        assert_eq!(Report::of(Some(vec![]), agreed()).code(), 0);
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
