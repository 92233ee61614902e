//! The OpenAPI 3.1 document, made of the list of routes and the JSON Schemas of their types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use shared::api::TOKEN_HEADER;
use shared::problem::Problem;

use super::endpoint::Endpoint;

type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What the document says of one route.
pub(super) struct Operation {
    pub(super) method: &'static str,
    id: &'static str,
    summary: &'static str,
    parameters: Vec<Parameter>,
    body: Option<SchemaOf>,
    status: u16,
    media: &'static str,
    description: &'static str,
    answer: Option<SchemaOf>,
}

struct Parameter {
    place: &'static str,
    name: &'static str,
    about: &'static str,
    schema: SchemaOf,
}

impl Operation {
    /// An operation of a method (in lower case), with a name that is unique in the document.
    pub(super) fn new(method: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self {
            method,
            id,
            summary,
            parameters: Vec::new(),
            body: None,
            status: 200,
            media: "application/json",
            description: "The answer",
            answer: None,
        }
    }

    /// A parameter in `path` (needed) or `query` (optional).
    pub(super) fn parameter<T: JsonSchema>(
        mut self,
        place: &'static str,
        name: &'static str,
        about: &'static str,
    ) -> Self {
        let schema = schema_of::<T>;
        self.parameters.push(Parameter {
            place,
            name,
            about,
            schema,
        });
        self
    }

    /// The body's type.
    pub(super) fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Some(schema_of::<T>);
        self
    }

    /// The answer's type, sent as JSON with this status.
    pub(super) fn answers<T: JsonSchema>(mut self, status: u16) -> Self {
        self.status = status;
        self.answer = Some(schema_of::<T>);
        self
    }

    /// The type of each event of an answer that does not end.
    pub(super) fn streams<T: JsonSchema>(mut self, description: &'static str) -> Self {
        self.media = "text/event-stream";
        self.description = description;
        self.answer = Some(schema_of::<T>);
        self
    }

    /// The answer is a file of this media type.
    pub(super) fn sends(mut self, media: &'static str, description: &'static str) -> Self {
        self.media = media;
        self.description = description;
        self.answer = Some(schema_of::<String>);
        self
    }

    fn to_json(&self, sent: &mut SchemaGenerator, given: &mut SchemaGenerator) -> Value {
        let parameters = self.parameters.iter().map(|parameter| {
            json!({
                "name": parameter.name,
                "in": parameter.place,
                "description": parameter.about,
                "required": parameter.place == "path",
                "schema": (parameter.schema)(sent),
            })
        });
        let mut operation = json!({
            "operationId": self.id,
            "summary": self.summary,
            "parameters": parameters.collect::<Vec<_>>(),
            "responses": {
                self.status.to_string(): {
                    "description": self.description,
                    "content": { self.media: { "schema": self.answer.map(|schema| schema(given)) } },
                },
                "default": { "$ref": "#/components/responses/Problem" },
            },
        });
        if let Some(body) = self.body {
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": body(sent) } },
            });
            // Loopback needs no token, hence the empty alternative.
            operation["security"] = json!([{ "token": [] }, {}]);
        }
        operation
    }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The document of these routes.
pub(super) fn document(endpoints: &[Endpoint]) -> Value {
    let settings = || {
        SchemaSettings::draft2020_12()
            .with(|settings| settings.definitions_path = "/components/schemas".into())
    };
    // What we send has every field; what we are sent may leave the optional ones out.
    let mut given = settings().for_serialize().into_generator();
    let mut sent = settings().for_deserialize().into_generator();
    let mut paths = Map::new();
    for endpoint in endpoints {
        let operation = endpoint.operation.to_json(&mut sent, &mut given);
        let path = paths.entry(endpoint.route).or_insert_with(|| json!({}));
        path[endpoint.operation.method] = operation;
    }
    let problem = schema_of::<Problem>(&mut given);
    let mut schemas = given.take_definitions(true);
    schemas.extend(sent.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Assay",
            "summary": "What gold is worth today, why, and how sure we are",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Problem": {
                    "description": "What went wrong and what to do about it",
                    "content": { "application/json": { "schema": problem } },
                },
            },
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": TOKEN_HEADER,
                    "description": "The server's ASSAY_TOKEN; needed where the server is not on loopback",
                },
            },
        },
    })
}
