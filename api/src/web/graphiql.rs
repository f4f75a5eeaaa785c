use actix_web::HttpResponse;
pub const ASSETS: &str = "/graphql/assets/{file}";
pub fn page() -> HttpResponse {
    HttpResponse::Ok().finish()
}
pub async fn asset() -> HttpResponse {
    HttpResponse::Ok().finish()
}
