import '@remix-run/node';

// Loaders answer what they return, dates and all: nothing is squeezed through JSON.
declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}
