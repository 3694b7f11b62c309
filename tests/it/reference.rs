//! The bundled reference server, graded as a user does. `proof.rs` shows what its faults fail.

use crate::support::checker::checker;

#[test]
fn the_reference_server_passes_everything() {
    let ran = checker(["run", "--reference", "-f", "json"]);
    let report = ran.report();
    assert_eq!((ran.code, &report["score"]["earned"]), (Some(0), &10.into()), "{}", ran.page());
    assert_eq!(report["submission"]["kind"], "reference");
    assert_eq!(report["server"]["survivors"], 0);
}

#[test]
fn the_reference_server_passes_the_first_listings_exercise() {
    let ran = checker(["run", "--reference", "-e", "cookies-set", "-q"]);
    assert_eq!(ran.code, Some(0), "{}", ran.page());
}
