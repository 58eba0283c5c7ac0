"use strict";

// Requests go to the same origin with the session cookie; nothing is loaded from, or checked at, another address.
window.ui = SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#description",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
  persistAuthorization: false,
  requestInterceptor: (request) => {
    request.credentials = "same-origin";
    return request;
  },
});
