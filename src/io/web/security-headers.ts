/** The headers that every answer bears: what a browser may do with it (helmet's, but for what follows). */
import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Nothing inline, nothing from elsewhere. Without TLS the browser must not be told to insist on it. */
export function securityHeaders(hasTls: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrcAttr: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    // Without TLS browsers ignore it, and complain.
    crossOriginOpenerPolicy: hasTls ? { policy: 'same-origin' } : false,
    originAgentCluster: hasTls,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: hasTls ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  };
}
