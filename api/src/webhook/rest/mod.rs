//! Webhooks over REST: another system registers itself, and looks after what it is sent.

mod delivery;
mod endpoint;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};
use zhibu_domain::{
    policy::Action,
    vocabulary::{Language, Vocabulary},
    webhook::WebhookEventType,
};

use super::message::{Body, example};
use crate::rest::{Operation, delete, get, post};

/// The operations on webhooks.
pub fn operations() -> Vec<Operation> {
    vec![
        get(
            "listWebhookEndpoints",
            "/webhooks",
            Action::ManageWebhook,
            "The endpoints of a unit and all below it, latest first; a token sees those that it has registered. For \
             the district's administrator, and offices of the unit.",
            endpoint::list,
        )
        .links("getWebhookEndpoint", &[("id", "$response.body#/items/0/id")]),
        post(
            "createWebhookEndpoint",
            "/webhooks",
            Action::ManageWebhook,
            "Registers an endpoint. The secret is shown only now. Nobody has it told of what they may not see in the \
             unit themselves. For the district's administrator, offices of the unit, and tokens with \
             `webhooks:manage`.",
            endpoint::create,
        )
        .creates()
        .links("getWebhookEndpoint", &[("id", "$response.body#/id")])
        .links("changeWebhookEndpoint", &[("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")])
        .links("pingWebhookEndpoint", &[("id", "$response.body#/id")])
        .links("rotateWebhookSecret", &[("id", "$response.body#/id")])
        .links("listWebhookDeliveries", &[("id", "$response.body#/id")])
        .links("deleteWebhookEndpoint", &[("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")]),
        get(
            "getWebhookEndpoint",
            "/webhooks/{id}",
            Action::ManageWebhook,
            "An endpoint. For the district's administrator, offices of the unit, and the token that has registered \
             it.",
            endpoint::one,
        )
        .links("changeWebhookEndpoint", &[("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")]),
        post(
            "changeWebhookEndpoint",
            "/webhooks/{id}",
            Action::ManageWebhook,
            "Changes an endpoint, or switches it off and on; what is left out stays. Whoever has more sent, or elsewhere, must see it \
             themselves, and becomes the owner unless a token has registered it. For who may see the endpoint.",
            endpoint::change,
        )
        .versioned()
        .links("getWebhookEndpoint", &[("id", "$response.body#/id")]),
        delete(
            "deleteWebhookEndpoint",
            "/webhooks/{id}",
            Action::ManageWebhook,
            "Deletes an endpoint with all that was sent to it; answers what it was. For who may see the endpoint.",
            endpoint::remove,
        ),
        post(
            "rotateWebhookSecret",
            "/webhooks/{id}/rotate-secret",
            Action::ManageWebhook,
            "Gives an endpoint a new secret, shown only now; for a while messages bear the old one's signature, too. \
             For who may have registered it.",
            endpoint::rotate,
        ),
        post(
            "pingWebhookEndpoint",
            "/webhooks/{id}/ping",
            Action::ManageWebhook,
            "Has a test sent to an endpoint at once, even during a pause. For who may see the endpoint.",
            delivery::ping,
        )
        .creates()
        .links("getWebhookDelivery", &[("id", "$response.body#/id")]),
        post(
            "replayWebhookDeliveries",
            "/webhooks/{id}/replay",
            Action::ManageWebhook,
            "Has what happened in a time sent once more: what was given up, or the delivered, too. At most 5,000 \
             messages at once, the earliest: ask again where it were as many, with shorter times for the delivered. \
             For who may see the endpoint.",
            delivery::replay_range,
        ),
        get(
            "listWebhookDeliveries",
            "/webhooks/{id}/deliveries",
            Action::ManageWebhook,
            "What was sent, or waits to be, to an endpoint, latest first, kept for 30 days. For who may see the \
             endpoint.",
            delivery::list,
        )
        .links("getWebhookDelivery", &[("id", "$response.body#/items/0/id")])
        .links("replayWebhookDelivery", &[("id", "$response.body#/items/0/id")]),
        get(
            "getWebhookDelivery",
            "/webhook-deliveries/{id}",
            Action::ManageWebhook,
            "A message to an endpoint. For who may see the endpoint.",
            delivery::one,
        )
        .links("replayWebhookDelivery", &[("id", "$response.body#/id")]),
        post(
            "replayWebhookDelivery",
            "/webhook-deliveries/{id}/replay",
            Action::ManageWebhook,
            "Has a message sent once more that was given up or delivered. What came after it about the same thing \
             and waits still waits for it. For who may see the endpoint.",
            delivery::replay_one,
        )
        .links("getWebhookDelivery", &[("id", "$response.body#/id")]),
    ]
}

/// What webhooks tell, as the document lists it.
pub fn messages(schemas: &mut SchemaGenerator) -> Map<String, Value> {
    let schema = schemas.subschema_for::<Body>().to_value();
    let message = |event: WebhookEventType| {
        let content = json!({ "application/json": { "schema": schema, "example": example(event) } });
        let described = json!({
            "post": {
                "summary": event.say(Language::En),
                "requestBody": { "required": true, "content": content },
                "responses": { "2XX": { "description": "Taken." } },
            },
        });
        (event.name().to_owned(), described)
    };
    WebhookEventType::words().iter().map(|word| message(word.value)).collect()
}
