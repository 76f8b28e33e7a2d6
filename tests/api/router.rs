//! The router's own list of routes and the document, each against the other.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use actix_web::dev::Service;
use actix_web::introspection::IntrospectionTree;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use server::compose;
use support::{Contract, TestApp};

#[tokio::test]
async fn the_router_and_the_document_have_the_same_operations() {
    let routed = routed(&TestApp::start().await).await;

    let documented: BTreeSet<_> = Contract::ours()
        .operations()
        .map(|it| (it.path.clone(), it.method.to_string()))
        .collect();

    assert_eq!(routed, documented);
}

/// Every path that actix answers, with its method; `*` where it asks for none.
async fn routed(app: &TestApp) -> BTreeSet<(String, String)> {
    let seen = Rc::new(RefCell::new(None));
    let leave = Rc::clone(&seen);
    let application = api::app(&compose::api(&app.settings, &app.ports));
    let application = application.wrap_fn(move |request, next| {
        *leave.borrow_mut() = request.app_data::<Data<IntrospectionTree>>().cloned();
        next.call(request)
    });
    let service = init_service(application).await;
    // Which one does not matter: the tree comes with any request.
    call_service(&service, TestRequest::get().to_request()).await;
    let tree = seen.borrow().clone().expect("actix leaves its tree");

    let routes = serde_json::from_str::<serde_json::Value>(&tree.report_as_json());
    let routes = routes.expect("the report is JSON");
    let mut all = BTreeSet::new();
    for route in routes.as_array().into_iter().flatten() {
        // A scope is only a place for routes.
        if route["resource_type"] != "resource" {
            continue;
        }
        let path = route["full_path"].as_str().expect("a route has a path");
        let methods = route["methods"].as_array().expect("a route has methods");
        let methods = methods.iter().map(|it| it.as_str().unwrap_or("*"));
        let methods: Vec<_> = methods.collect();
        let methods = if methods.is_empty() {
            vec!["*"]
        } else {
            methods
        };
        all.extend(
            methods
                .into_iter()
                .map(|it| (path.to_owned(), it.to_owned())),
        );
    }
    all
}
