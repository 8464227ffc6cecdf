//! Documents against a schema.

use serde_json::Value;

pub(crate) fn validates(schema: &str, document: &Value) -> bool {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("mem:///schema.json", serde_json::from_str(schema).unwrap()).unwrap();
    let index = compiler.compile("mem:///schema.json", &mut schemas).unwrap();
    schemas.validate(document, index).is_ok()
}
