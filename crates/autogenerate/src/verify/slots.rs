//! What can be written into a row: for a column, or the columns of a foreign key together, several choices.

use std::collections::BTreeMap;

pub(super) struct Slot {
    pub columns: Vec<String>,
    /// Never empty.
    pub choices: Vec<Choice>,
    /// Of a foreign key, which comes before what a column would have by itself.
    pub is_key: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Choice {
    /// A literal for each column; `None` leaves it to the column.
    Values(Vec<Option<String>>),
    /// What the row itself has in these columns.
    Own(Vec<String>),
}

/// Columns and their literals.
pub(super) type Row = BTreeMap<String, String>;

/// How many rows are tried.
const TRIES: usize = 120;

/// Likely ones first: the next choice of all slots at once, then each choice with each, where those of the first slots
/// change fastest.
pub(super) fn rows(slots: &[Slot]) -> impl Iterator<Item = Row> + '_ {
    let together = (0..8).map(|turn| vec![turn; slots.len()]);
    let each = (0..TRIES * 8).map(|number| {
        let mut left = number;
        let turn = |slot: &Slot| {
            let turn = left % slot.choices.len();
            left /= slot.choices.len();
            turn
        };
        slots.iter().map(turn).collect()
    });
    let turns = together.chain(each);
    turns
        .filter_map(|turns: Vec<usize>| row(slots, &turns))
        .take(TRIES)
}

/// `None` where two keys want another value of the column that they share.
fn row(slots: &[Slot], turns: &[usize]) -> Option<Row> {
    let mut row = Row::new();
    let mut own = Vec::new();
    let chosen = slots.iter().zip(turns);
    let chosen: Vec<_> = chosen
        .map(|(slot, turn)| (slot, &slot.choices[turn % slot.choices.len()]))
        .collect();
    let (keys, columns): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|(it, _)| it.is_key);
    for (slot, choice) in keys.into_iter().chain(columns) {
        let values = match choice {
            Choice::Values(values) => values,
            Choice::Own(targets) => {
                own.extend(slot.columns.iter().zip(targets));
                continue;
            }
        };
        for (column, value) in slot.columns.iter().zip(values) {
            let Some(value) = value else {
                continue;
            };
            let is = row.entry(column.clone()).or_insert_with(|| value.clone());
            if slot.is_key && is != value {
                return None;
            }
        }
    }
    for (column, target) in own {
        let value = row.get(target)?.clone();
        row.insert(column.clone(), value);
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(columns: &[&str], choices: &[&[&str]], is_key: bool) -> Slot {
        let values =
            |it: &&[&str]| Choice::Values(it.iter().map(|it| Some((*it).to_owned())).collect());
        Slot {
            columns: columns.iter().map(|it| (*it).to_owned()).collect(),
            choices: choices.iter().map(values).collect(),
            is_key,
        }
    }

    fn told(slots: &[Slot]) -> Vec<String> {
        let row = |row: Row| row.into_values().collect::<Vec<_>>().join(" ");
        rows(slots).map(row).collect()
    }

    #[test]
    fn every_choice_meets_every_other() {
        let slots = [
            slot(&["a"], &[&["1"], &["2"]], false),
            slot(&["b"], &[&["1"], &["2"]], false),
        ];

        let rows = told(&slots);

        assert_eq!(rows[..2], ["1 1", "2 2"]);
        for row in ["1 2", "2 1"] {
            assert!(rows.iter().any(|it| it == row), "{rows:?}");
        }
    }

    #[test]
    fn keys_that_share_a_column_agree_on_it() {
        let slots = [
            slot(&["a"], &[&["7"]], false),
            slot(&["a", "b"], &[&["1", "1"], &["2", "2"]], true),
            slot(&["a", "c"], &[&["2", "3"]], true),
        ];

        let rows = told(&slots);

        assert!(!rows.is_empty());
        assert!(rows.iter().all(|it| it == "2 2 3"), "{rows:?}");
    }

    #[test]
    fn a_row_may_refer_to_itself() {
        let mut parent = slot(&["parent"], &[], true);
        parent.choices.push(Choice::Own(vec!["id".to_owned()]));
        let slots = [parent, slot(&["id"], &[&["7"]], false)];

        assert_eq!(told(&slots)[0], "7 7");
    }
}
