import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { type Answer, createQuestions, type Question } from './questions.ts';

const question: Question = { what: 'difference', zone: Uint8Array.of(0), since: 1 };

function asked() {
  const clock = new FakeClock();
  const sent: number[] = [];
  const answers: Answer[] = [];
  const questions = createQuestions((id) => void sent.push(id), clock);
  const ask = (): void => questions.ask(question, (answer) => void answers.push(answer));
  return { clock, sent, answers, questions, ask };
}

test('each gets its own answer, once, in whatever order they come', () => {
  const { sent, answers, questions, ask } = asked();
  ask();
  ask();
  questions.answered(sent[1]!, 5);
  questions.answered(sent[0]!, 3);
  questions.answered(sent[0]!, 4);
  expect(answers).toEqual([5, 3]);
});

test('does without an answer after ten seconds, and one that comes later is nobody’s', async () => {
  const { clock, sent, answers, questions, ask } = asked();
  ask();
  await clock.advance(9000);
  expect(answers).toEqual([]);
  await clock.advance(2000);
  expect(answers).toEqual([undefined]);
  questions.answered(sent[0]!, 3);
  expect(answers).toEqual([undefined]);
});

test('asks no more while 256 wait; room comes with the answers', async () => {
  const { clock, sent, answers, questions, ask } = asked();
  for (let n = 0; n < 257; n++) ask();
  expect(sent).toHaveLength(256);
  expect(answers).toEqual([]);
  await clock.advance(1);
  expect(answers).toEqual([undefined]);
  questions.answered(sent[0]!, 3);
  ask();
  expect(sent).toHaveLength(257);
});
