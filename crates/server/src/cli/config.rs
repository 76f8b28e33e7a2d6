use super::arguments::Config;
use super::print;
use crate::compose;
use crate::settings::Loaded;

/// The settings have been judged before: what is wrong with them never gets here.
pub(super) fn execute(command: &Config, loaded: &Loaded) -> anyhow::Result<()> {
    match command {
        Config::Check => {
            compose::check(&loaded.settings)?;
            print("The settings are fine.")
        }
        Config::Show => {
            let width = |of: fn(&crate::settings::Shown) -> &str| {
                loaded
                    .show()
                    .iter()
                    .map(|it| of(it).chars().count())
                    .max()
                    .unwrap_or(0)
            };
            let (keys, values) = (width(|it| &it.key), width(|it| &it.value).min(60));
            let lines = loaded
                .show()
                .iter()
                .map(|it| format!("{:keys$}  {:values$}  {}", it.key, it.value, it.source));
            print(&lines.collect::<Vec<_>>().join("\n"))
        }
    }
}
