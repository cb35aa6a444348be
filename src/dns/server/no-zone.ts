import { createReader, type ImageReader } from '../zone/image-reader.ts';

/** Stands where no zone was found yet, and for one of ours that has no version which can be read. */
export const noZone: ImageReader = createReader();

/** Stands for one of ours that is not loaded yet. */
export const unloadedZone: ImageReader = createReader();
