//! What asking for a level gets.

use super::attack::levels;
use crate::support::checker::checker;

#[test]
fn strict_runs_fully_isolated_or_not_at_all() {
    let ran = checker(["run", "fixtures/submissions/good/python-socket", "-f", "json", "--isolation", "strict"]);
    let report = ran.report();
    if ran.code == Some(0) {
        assert_eq!(report["isolation"]["level"], "full");
        assert!(levels().iter().any(|level| level.is_full()), "`auto` takes what `strict` finds: {:?}", levels());
    } else {
        assert_eq!((ran.code, &report["problem"]["code"]), (Some(3), &"isolation_unavailable".into()));
        assert_eq!(report["score"]["earned"], serde_json::Value::Null);
        assert!(!levels().iter().any(|level| level.is_full()), "`strict` refuses what `auto` finds");
    }
}
