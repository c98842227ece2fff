// What draws the pictures of answers: Vega alone, since specs are compiled where the site is made.
import { parse, View } from "vega";

csto.vega = { parse, View };
