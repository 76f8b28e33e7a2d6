use toml::Value;

/// What a key takes. `default.toml` says it by example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Boolean,
    /// Of texts: nothing else is needed in a list.
    List,
}

impl Kind {
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(_) => Some(Self::Text),
            Value::Integer(_) => Some(Self::Integer),
            Value::Boolean(_) => Some(Self::Boolean),
            Value::Array(items) if items.iter().all(Value::is_str) => Some(Self::List),
            _ => None,
        }
    }

    /// Reads a variable. Text stays what it is, whatever it looks like: `00123` may be a password.
    pub(super) fn parse(self, text: &str) -> Option<Value> {
        let trimmed = text.trim();
        match self {
            Self::Text => Some(Value::String(text.to_owned())),
            Self::Integer => trimmed.parse().ok().map(Value::Integer),
            Self::Boolean => trimmed.parse().ok().map(Value::Boolean),
            Self::List if trimmed.starts_with('[') => {
                let list = trimmed.parse().ok()?;
                (Self::of(&list) == Some(Self::List)).then_some(list)
            }
            Self::List => {
                let items = trimmed.split(',').map(str::trim);
                let items = items.filter(|item| !item.is_empty()).map(Value::from);
                Some(Value::Array(items.collect()))
            }
        }
    }

    pub(super) fn wanted(self) -> &'static str {
        match self {
            Self::Text => "must be text",
            Self::Integer => "must be an integer",
            Self::Boolean => "must be true or false",
            Self::List => "must be a list of texts",
        }
    }
}
