mod documents;
mod http;
mod ids;
mod values;
