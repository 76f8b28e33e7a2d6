mod ports;
mod scope;
mod service;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use ports::{MockProjectReader, MockProjectWriter};
pub use ports::{ProjectFilter, ProjectQuery, ProjectReader, ProjectWriter};
pub use scope::ProjectScope;
pub use service::{NewProject, ProjectPolicy, Projects};
