//! Submissions that are the same.

use super::{Class, GOOD, wrong};
use crate::support::checker::{command, run};

#[test]
fn groups_are_listed_and_that_is_all() {
    let renamed = GOOD.replace("jar", "mine").replace("import time", "# mine\nimport time");
    let class = Class::of(&[("王小明", GOOD), ("李雷", GOOD), ("韩梅梅", &renamed), ("张伟", &wrong())]);
    let ran = |lang: &str| run(command(["similar", "handed-in", "--lang", lang]).current_dir(class.file(""))).page();
    insta::assert_snapshot!("similar_en", ran("en"));
    insta::assert_snapshot!("similar_zh", ran("zh"));
}
