use std::fmt;

use sea_orm_autogenerate::Difference;
use serde::Serialize;

/// The answer for all engines.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) agree: bool,
    engines: Vec<Engine>,
}

#[derive(Serialize)]
pub(crate) struct Engine {
    pub(crate) engine: &'static str,
    pub(crate) differences: Vec<Difference>,
}

impl Report {
    pub(crate) fn of(engines: Vec<Engine>) -> Self {
        Self {
            agree: engines.iter().all(|it| it.differences.is_empty()),
            engines,
        }
    }

    pub(crate) fn json(&self) -> String {
        let value = serde_json::json!(self);
        format!("{value:#}")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let engines: Vec<_> = self.engines.iter().map(Engine::to_string).collect();
        f.write_str(&engines.join("\n\n"))
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
