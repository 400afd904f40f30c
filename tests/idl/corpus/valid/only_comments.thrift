# one
// two
/* three
 * lines
 */
/**/
