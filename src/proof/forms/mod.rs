//! The forms of a proof: each is a function of the record.

mod html;
mod human;
mod json;
mod markdown;
mod table;

pub use html::html;
pub use human::human;
pub use json::{json, schema};
pub use markdown::markdown;
