/// Whether `new` holds every value that `old` does. What is not known to is not.
pub(crate) fn is_wider(new: &str, old: &str) -> bool {
    if new == old {
        return true;
    }
    let (new_name, new_size) = parts(new);
    let (old_name, old_size) = parts(old);
    if is_text(new_name) && is_text(old_name) {
        return match (new_size.as_slice(), old_size.as_slice()) {
            ([], _) => true,
            ([new], [old]) => new >= old,
            _ => false,
        };
    }
    if new_name == old_name {
        return match (new_size.as_slice(), old_size.as_slice()) {
            ([], _) => true,
            ([new], [old]) => new >= old,
            // Neither the digits before the point nor those after it may become fewer.
            ([new, new_scale], [old, old_scale]) => {
                new_scale >= old_scale && new - new_scale >= old - old_scale
            }
            _ => false,
        };
    }
    let grows = [
        ["smallint", "integer", "bigint"].as_slice(),
        ["tinyint", "smallint", "integer", "bigint"].as_slice(),
        ["real", "double precision"].as_slice(),
        ["float", "double"].as_slice(),
    ];
    grows.iter().any(|order| {
        let place = |name| order.iter().position(|it| *it == name);
        matches!((place(new_name), place(old_name)), (Some(new), Some(old)) if new > old)
    })
}

/// Its name, and the numbers in its parentheses.
fn parts(data_type: &str) -> (&str, Vec<i64>) {
    let (name, size) = data_type.split_once('(').unwrap_or((data_type, ""));
    let size = size.trim_end_matches(')').split(',');
    let numbers = size.filter_map(|it| it.trim().parse().ok());
    (name.trim(), numbers.collect())
}

fn is_text(name: &str) -> bool {
    ["text", "varchar", "character varying"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_wider_when_it_loses_nothing() {
        for (new, old, wider) in [
            ("text", "character varying(9)", true),
            ("varchar(9)", "varchar(8)", true),
            ("varchar(8)", "varchar(9)", false),
            ("varchar(8)", "text", false),
            ("bigint", "smallint", true),
            ("integer", "bigint", false),
            ("numeric(10,2)", "numeric(8,2)", true),
            ("numeric(10,4)", "numeric(9,2)", false),
            ("numeric", "numeric(9,2)", true),
            ("double precision", "real", true),
            ("uuid", "text", false),
        ] {
            assert_eq!(is_wider(new, old), wider, "{old} to {new}");
        }
    }
}
