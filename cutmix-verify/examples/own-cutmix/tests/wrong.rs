//! The same with the mistake that is made most often. It is expected to fail, and it does, wherever labels are looked at.

mod subject;

use cutmix_verify::kit::suite;
use subject::Own;

#[test]
fn the_mistake_is_found_and_named() {
    let wrong = Own(own_cutmix::raw_weight);
    let labels = suite(&wrong, "labels").unwrap_err();
    assert!(labels.contains("RawLambda") && labels.contains("The label claims what is not in the image"), "{labels}");
    assert!(suite(&wrong, "properties").is_err());
    let audit = suite(&wrong, "audit").unwrap_err();
    assert!(audit.contains("FAIL") && audit.contains("LABEL_RAW"), "{audit}");
    // What it does right is right still.
    assert_eq!(suite(&wrong, "boxes"), Ok(()));
}

#[test]
fn a_suite_of_which_it_has_nothing_does_not_pass() {
    let nothing = suite(&Own(own_cutmix::weight), "batch").unwrap_err();
    assert!(nothing.contains("do not name it"), "{nothing}");
}
