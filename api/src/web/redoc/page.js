'use strict';

// Shows the server's own document. The search would need a worker made of a blob, which the page may not.
Redoc.init(
  '/api/openapi.json',
  {
    disableSearch: true,
    expandResponses: '200,201',
    jsonSampleExpandLevel: 3,
    requiredPropsFirst: true,
    sortTagsAlphabetically: false,
    theme: {
      colors: { primary: { main: '#b3261e' } },
      typography: {
        fontFamily: 'system-ui, sans-serif',
        headings: { fontFamily: 'system-ui, sans-serif' },
        code: { fontFamily: 'ui-monospace, monospace' },
      },
    },
  },
  document.getElementById('docs'),
);
