//! The parameters of a path and its query: as the schema lists them, as the wire spells them.

use actix_web::{HttpRequest, web::Query};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use zhibu_domain::error_code::ErrorCode;

use super::{Problem, problem::Fault};

/// The most faults that are told at once.
const MOST: usize = 20;

/// A parameter.
struct Parameter {
    name: String,
    in_path: bool,
    required: bool,
    schema: Value,
}

/// The parameters of an operation.
pub(super) struct Parameters(Vec<Parameter>);

/// Nothing is ever `null` in an address: a parameter that may be absent is left out.
fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            schema["type"] = only.clone();
        }
    }
    let Some(Value::Array(any)) = schema.as_object_mut().and_then(|s| s.remove("anyOf")) else {
        return schema;
    };
    let other = any.into_iter().find(|one| one.get("type") != Some(&json!("null")));
    let (Some(Value::Object(other)), Some(whole)) = (other, schema.as_object_mut()) else { return schema };
    whole.extend(other);
    schema
}

/// A value as its schema has it, where the wire's text is one.
fn value(schema: &Value, text: &str) -> Value {
    let number = || text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    match (schema.get("type").and_then(Value::as_str), text) {
        (Some("integer"), _) => number().map_or_else(|| text.into(), Value::from),
        (Some("boolean"), "true") => true.into(),
        (Some("boolean"), "false") => false.into(),
        _ => text.into(),
    }
}

impl Parameters {
    /// Of the object that holds them, for a path.
    pub fn of(mut object: Value, path: &str) -> Self {
        let required: Vec<Value> = object["required"].as_array().cloned().unwrap_or_default();
        let properties = object["properties"].as_object_mut().map(std::mem::take).unwrap_or_default();
        let parameter = |(name, schema): (String, Value)| Parameter {
            in_path: path.contains(&format!("{{{name}}}")),
            required: required.contains(&Value::from(name.as_str())),
            schema: without_null(schema),
            name,
        };
        Self(properties.into_iter().map(parameter).collect())
    }

    /// The schema of all of them together.
    pub fn schema(&self) -> Value {
        let required: Vec<_> = self.0.iter().filter(|p| p.required).map(|p| p.name.as_str()).collect();
        let properties: Map<_, _> = self.0.iter().map(|p| (p.name.clone(), p.schema.clone())).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }

    /// As they stand in the document.
    pub fn described(&self) -> impl Iterator<Item = Value> {
        self.0.iter().map(|parameter| {
            let mut schema = parameter.schema.clone();
            let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            let mut described = json!({
                "name": parameter.name, "in": if parameter.in_path { "path" } else { "query" },
                "required": parameter.required, "schema": schema,
            });
            if let Some(about) = about {
                described["description"] = about;
            }
            described
        })
    }

    /// What a request says. Whoever names a path that can't be is told that there is none.
    pub fn gather(&self, request: &HttpRequest, check: &Validator) -> Result<Value, Problem> {
        let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|_| Problem::new(ErrorCode::BadRequest).detail("the query can't be read"))?;
        let unknown = |name: &String| !self.0.iter().any(|p| !p.in_path && p.name == *name);
        if let Some((name, _)) = pairs.iter().find(|(name, _)| unknown(name)) {
            return Err(fault(name, "is no parameter of this operation"));
        }
        let mut found = Map::new();
        for parameter in &self.0 {
            let Parameter { name, in_path, schema, .. } = parameter;
            if *in_path {
                let text = request.match_info().query(name);
                found.insert(name.clone(), value(schema, text));
                continue;
            }
            let sent: Vec<_> = pairs.iter().filter(|(sent, _)| sent == name).map(|(_, text)| text).collect();
            let is_list = schema.get("type") == Some(&json!("array"));
            match sent.as_slice() {
                [] => {}
                all if is_list => {
                    let items = schema.get("items").unwrap_or(&Value::Null);
                    found.insert(name.clone(), all.iter().map(|text| value(items, text)).collect());
                }
                [one] => {
                    found.insert(name.clone(), value(schema, one));
                }
                _ => return Err(fault(name, "is given more than once")),
            }
        }
        let found = Value::Object(found);
        let faults: Vec<_> = faults(check, &found).collect();
        let of_path = |(place, _): &(String, String)| {
            self.0.iter().any(|p| p.in_path && *place == format!("/{}", p.name))
        };
        if faults.iter().any(of_path) {
            return Err(Problem::new(ErrorCode::NotFound));
        }
        let missing = self.0.iter().find(|p| p.required && found.get(&p.name).is_none());
        if let Some(Parameter { name, .. }) = missing {
            return Err(fault(name, "is required"));
        }
        let fault = |(place, detail): (String, String)| {
            let name = place.split('/').nth(1).filter(|name| !name.is_empty());
            Fault { pointer: None, parameter: name.map(str::to_owned), detail }
        };
        if faults.is_empty() {
            Ok(found)
        } else {
            Err(Problem::faulty(faults.into_iter().map(fault).collect()))
        }
    }
}

/// What is wrong with a parameter.
fn fault(name: &str, detail: &str) -> Problem {
    Problem::faulty(vec![Fault {
        pointer: None,
        parameter: Some(name.to_owned()),
        detail: detail.to_owned(),
    }])
}

/// What of a value doesn't fit: where, and why, without the value itself.
fn faults<'a>(check: &'a Validator, value: &'a Value) -> impl Iterator<Item = (String, String)> + 'a {
    check
        .iter_errors(value)
        .take(MOST)
        .map(|error| (error.instance_path().to_string(), error.masked().to_string()))
}

/// Checks a body; answers it with every whole number as one: a schema counts `2.0` among the integers.
pub(super) fn check_body(check: &Validator, body: Value) -> Result<Value, Problem> {
    let fault = |(place, detail)| Fault { pointer: Some(place), parameter: None, detail };
    let faults: Vec<_> = faults(check, &body).map(fault).collect();
    if faults.is_empty() { Ok(whole(body)) } else { Err(Problem::faulty(faults)) }
}

fn whole(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, whole(value))).collect(),
        Value::Number(number) if number.is_f64() => format!("{number}")
            .strip_suffix(".0")
            .and_then(|text| text.parse::<i64>().ok())
            .map_or(Value::Number(number), Value::from),
        other => other,
    }
}
