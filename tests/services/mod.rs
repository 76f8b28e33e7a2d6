//! Use cases on real databases: transactions, races, cancelled calls.
