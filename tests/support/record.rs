//! Writes down what was sent and answered, for `cargo xtask test` to count.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use serde_json::json;

pub(crate) fn record(operation: Option<&str>, status: u16, code: Option<&str>) {
    let Some(file) = file() else { return };
    let line = json!({ "operation": operation, "status": status, "code": code });
    let mut file = file.lock().expect("nobody panics while writing");
    writeln!(file, "{line}").expect("the record can be written");
}

fn file() -> Option<&'static Mutex<std::fs::File>> {
    static FILE: OnceLock<Option<Mutex<std::fs::File>>> = OnceLock::new();
    FILE.get_or_init(|| {
        let folder = PathBuf::from(std::env::var_os("ASHLAR_TEST_RECORD")?);
        std::fs::create_dir_all(&folder).expect("the folder of the record can be made");
        let file = folder.join(format!("{}.jsonl", std::process::id()));
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(file);
        Some(Mutex::new(file.expect("the record can be opened")))
    })
    .as_ref()
}
