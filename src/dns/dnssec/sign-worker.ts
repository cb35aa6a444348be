import { portableSigner } from './algorithms.ts';
import { serveSigning } from './sign-thread.ts';

serveSigning(portableSigner);
