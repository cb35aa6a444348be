import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { loc } from './loc.ts';

// The first five are the examples of RFC 1876 §4.
checkRdata(loc, 'RFC 1876 §2, §3', {
  good: [
    [
      '42 21 54 N 71 06 18 W -24m 30m',
      '0033161389172dd070be15f000988d20',
      '42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m',
    ],
    [
      '42 21 43.952 N 71 5 6.344 W -24m 1m 200m',
      '001224138917069070bf2dd800988d20',
      '42 21 43.952 N 71 5 6.344 W -24.00m 1.00m 200.00m 10.00m',
    ],
    [
      '52 14 05 N 00 08 50 E 10m',
      '001216138b3556c88008165000989a68',
      '52 14 5.000 N 0 8 50.000 E 10.00m 1.00m 10000.00m 10.00m',
    ],
    [
      '32 7 19 S 116 2 25 E 10m',
      '00121613791b7d2898e6486800989a68',
      '32 7 19.000 S 116 2 25.000 E 10.00m 1.00m 10000.00m 10.00m',
    ],
    [
      '42 21 28.764 N 71 00 51.617 W -44m 2000m',
      '002516138916cb3c70c310df00988550',
      '42 21 28.764 N 71 0 51.617 W -44.00m 2000.00m 10000.00m 10.00m',
    ],
    ['0 N 0 E 0', '00121613800000008000000000989680', '0 0 0.000 N 0 0 0.000 E 0.00m 1.00m 10000.00m 10.00m'],
    [
      '90 S 180 W -100000.00m 0.01m 90000000m 0m',
      '001099006cb0270059604e0000000000',
      '90 0 0.000 S 180 0 0.000 W -100000.00m 0.01m 90000000.00m 0.00m',
    ],
  ],
  bad: [
    ['91 N 0 E 0', 'degrees of latitude must be a number from 0 to 90'],
    ['90 0 0.001 N 0 E 0', 'latitude must be at most 90 degrees'],
    ['1 60 N 0 E 0', 'minutes of latitude must be a number from 0 to 59'],
    ['1 2 60 N 0 E 0', 'seconds of latitude must be from 0 to 59.999'],
    ['1 2 3 4 N 0 E 0', 'latitude must end in N or S'],
    ['1 N 181 E 0', 'degrees of longitude must be a number from 0 to 180'],
    ['1 N 1 E', 'altitude is missing'],
    ['1 N 1 E 42849672.96m', 'altitude must be from -100000 to 42849672.95 metres'],
    ['1 N 1 E 1.234m', 'altitude must be'],
    ['1 N 1 E 1 90000001m', 'size must be from 0 to 90000000 metres'],
  ],
  malformed: [
    ['01331613800000008000000000989680', 'version is not 0'],
    ['00a31613800000008000000000989680', 'size is out of range'],
    ['003a1613800000008000000000989680', 'size is out of range'],
    ['00330313800000008000000000989680', 'size is out of range'],
    ['00331613935141018000000000989680', 'angle is out of range'],
  ],
});
