/** The API's subscription objects: what the pickers of the page offer. */
import { API } from './contract/endpoints.js';
import { Failure } from './contract/failure.js';
import { SubscriptionObjects } from './contract/settings.js';
import type { RouteModule } from './route.js';

export interface SubscriptionObjectsPort {
  /** Rejects with an ApiFailure (503) when Asterisk does not answer. */
  objects(): Promise<SubscriptionObjects>;
}

export function subscriptionRoutes(port: SubscriptionObjectsPort): RouteModule {
  return (api) => {
    api.get(
      API.subscriptionObjects,
      {
        config: { needs: 'look' },
        schema: {
          summary: 'Extensions, groups, trunks and DID numbers that can be subscribed',
          description: 'Asked of Asterisk each time. A DID number is known once a call has come in by it.',
          response: { 200: SubscriptionObjects, 503: Failure },
        },
      },
      () => port.objects(),
    );
  };
}
