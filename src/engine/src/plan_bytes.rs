//! A plan as it stands at the start of stored sums and tables.

use crate::Error;
use crate::plan::Plan;
use crate::sealed::take_text;

/// Adds what metrics a plan has: its specs, as JSON, and its signature, each after its length.
pub(crate) fn push_plan(content: &mut Vec<u8>, plan: &Plan) {
    // Specs came from JSON or from strings and numbers: they always go back.
    let specs = serde_json::to_string(plan.specs()).unwrap_or_default();
    for text in [specs, plan.signature()] {
        content.extend((text.len() as u64).to_le_bytes());
        content.extend(text.as_bytes());
    }
}

/// The plan that [`push_plan`] added at the start of `content`, which goes on behind it; `bad` makes the error.
pub(crate) fn take_plan(content: &mut &[u8], bad: impl Fn(&'static str) -> Error) -> Result<Plan, Error> {
    let specs = take_text(content).map_err(&bad)?;
    let signature = take_text(content).map_err(&bad)?;
    let specs = serde_json::from_str(specs).map_err(|_| bad("their metrics cannot be read"))?;
    let plan = Plan::new(specs)?;
    if signature == plan.signature() {
        return Ok(plan);
    }
    Err(Error::SignatureMismatch {
        what: "stored scores can be read only by a version that computes the same",
        left: signature.to_owned(),
        right: plan.signature(),
    })
}
