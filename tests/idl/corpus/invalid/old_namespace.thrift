# expect: error 2:1 expected a definition, found `php_namespace`
php_namespace a
