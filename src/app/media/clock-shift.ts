/** Times in orders, news and answers for a thread whose performance.now() began at another moment. No other place converts. */

import type { Gap } from '../../core/gap-list.js';
import type { MediaAnswers, ParticipantOutcome, PlaneAnswers, PlaneNews } from './media-news.js';
import type { PlaneOrder } from './media-orders.js';

export type AnyAnswer = PlaneAnswers[keyof PlaneAnswers];

/** The same order with `ms` added to its times. */
export function shiftedOrder(order: PlaneOrder, ms: number): PlaneOrder {
  if (order.kind === 'listen') return { ...order, since: order.since + ms };
  if (order.kind === 'close') return { ...order, at: order.at + ms };
  return order;
}

/** The same news with `ms` added to its times. */
export function shiftedNews(news: PlaneNews, ms: number): PlaneNews {
  return news.kind === 'ended' ? { ...news, outcome: shiftedOutcome(news.outcome, ms) } : news;
}

/** The same answer with `ms` added to its times. */
export function shiftedAnswer(answer: AnyAnswer, ms: number): AnyAnswer {
  if (!(answer instanceof Map)) return answer;
  const outcomes: MediaAnswers['outcomes'] = answer;
  return new Map([...outcomes].map(([id, outcome]) => [id, shiftedOutcome(outcome, ms)]));
}

function shiftedOutcome({ stats, gaps }: ParticipantOutcome, ms: number): ParticipantOutcome {
  return { stats, gaps: gaps.map((gap): Gap => ({ ...gap, at: gap.at + ms })) };
}
