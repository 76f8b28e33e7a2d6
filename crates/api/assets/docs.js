// Shows the document of this server, with Swagger UI. Its Authorize dialog takes a token; here it learns to sign in.

const SCHEME = "access_token";

/** Above the place for a pasted token: e-mail and password, until there is a token. */
const signIn = ({ React }) => ({
  wrapComponents: {
    auths: (Auths) => (props) => {
      const asked = props.definitions.has(SCHEME);
      const signedIn = props.authSelectors.authorized().has(SCHEME);
      return React.createElement(
        React.Fragment,
        null,
        asked && !signedIn && React.createElement(SignInForm, { React }),
        React.createElement(Auths, props),
      );
    },
  },
});

/** Swagger UI would send the example of every parameter; who tries an operation chooses the optional ones themselves. */
const emptyParameters = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (show) => (document) => {
          const operations = Object.values(document.paths).flatMap(Object.values);
          const parameters = operations.flatMap((it) => it.parameters ?? []);
          parameters.filter((it) => !it.required).forEach((it) => delete it.example);
          return show(document);
        },
      },
    },
  },
});

function SignInForm({ React }) {
  const [state, setState] = React.useState({ busy: false, refusal: null });
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const { email, password } = Object.fromEntries(new FormData(form));
    // It is in the request and nowhere else, whatever the answer.
    form.elements.password.value = "";
    setState({ busy: true, refusal: null });
    const { token, refusal } = await login(email, password);
    if (token) {
      ui.preauthorizeApiKey(SCHEME, token);
    } else {
      setState({ busy: false, refusal });
    }
  };
  return React.createElement(
    "form",
    { className: "auth-container sign-in", onSubmit: submit },
    React.createElement("h4", null, "Sign in"),
    field(React, "E-mail", { name: "email", type: "email", autoComplete: "username" }),
    field(React, "Password", { name: "password", type: "password", autoComplete: "current-password" }),
    state.refusal && React.createElement("p", { className: "refused", role: "alert" }, state.refusal),
    React.createElement(
      "button",
      { type: "submit", className: "btn authorize", disabled: state.busy },
      "Sign in",
    ),
  );
}

function field(React, label, attributes) {
  return React.createElement("label", null, label, React.createElement("input", { required: true, ...attributes }));
}

/** An access token, or why there is none. */
async function login(email, password) {
  try {
    const response = await fetch("api/v1/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ email, password }),
    });
    const answer = await response.json();
    return response.ok ? { token: answer.access_token } : { refusal: answer.title };
  } catch {
    return { refusal: "The server does not answer" };
  }
}

const ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#operations",
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [signIn, emptyParameters],
  deepLinking: true,
  displayOperationId: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // Swagger's own host would judge the document otherwise.
  validatorUrl: null,
});
