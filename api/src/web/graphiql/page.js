'use strict';

// Opens GraphiQL on the page's own endpoint. ?query=, ?variables= and ?operationName= fill its
// editors, so that a query can be passed on as a link; a token has no place in a link.
(() => {
  const given = new URLSearchParams(window.location.search);
  const url = window.location.origin + window.location.pathname;
  const text = (name) => given.get(name) ?? undefined;

  const fetcher = GraphiQL.createFetcher({
    url,
    subscriptionUrl: url.replace(/^http/, 'ws'),
  });

  const hint = [
    '# Sign in, then put the token into "Headers" below:',
    '#   { "Authorization": "Bearer …" }',
    '# It goes with subscriptions too.',
    '',
    '{ __typename }',
    '',
  ].join('\n');

  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    React.createElement(GraphiQL, {
      fetcher,
      query: text('query'),
      variables: text('variables'),
      operationName: text('operationName'),
      defaultQuery: hint,
      defaultEditorToolsVisibility: 'headers',
      isHeadersEditorEnabled: true,
      // A token isn't left behind in the browser.
      shouldPersistHeaders: false,
    }),
  );
})();
