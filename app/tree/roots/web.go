package roots

import "strings"

// web is servers that take requests from outside: web servers, what runs applications behind
// them, Exchange's own, and the database server with a shell of its own (xp_cmdshell). What runs
// anything (java, node, python) has to show that it serves.
var web = Preset{
	Name: "web", Means: "a web or application server (IIS, Apache, nginx, Tomcat ...)", Goals: []Goal{Execution, Persistence},
	Techniques: []string{"T1505.003", "T1190", "T1505.001"},
	Also: []string{"iis", "w3wp", "webserver", "web_server", "webservers", "webshell", "http", "httpd", "apache", "nginx", "tomcat", "php",
		"exchange", "sql", "mssql", "sqlservr", "server"},
	level: levelServer,
	parents: append([]parent{
		{name: "w3wp", folders: inetsrv, from: []string{"svchost", "was"}},
		{name: "java", marks: javaMarks}, {name: "javaw", marks: javaMarks},
		{name: "node", marks: nodeMarks},
		{name: "python*", marks: pythonMarks}, {name: "ruby*", marks: rubyMarks},
	}, named(`iisexpress umworkerprocess umservice sqlservr httpd apache* nginx caddy lighttpd php php-cgi php-fpm* php-win tomcat*
		coldfusion jrunsvc dotnet-aspnet jboss wildfly prunsrv uwsgi gunicorn uvicorn`)...),
	usual: strings.Fields(`csc cvtres vbc vbcscompiler werfault wermgr conhost rotatelogs php-cgi php-fpm* git npm jps jstack`),
	odd: strings.Fields(`whoami net net1 ipconfig systeminfo tasklist quser nltest appcmd hostname netstat nslookup ping findstr dsquery
		reg vssadmin procdump* ntdsutil id uname nc ncat wget perl python3`),
}

// The marks of what serves, in command lines.
var (
	javaMarks = strings.Fields(`catalina tomcat jetty jboss wildfly weblogic websphere com.ibm.ws glassfish payara undertow spring-boot
		springframework.boot resin coldfusion confluence jira solr elasticsearch activemq .war -dserver.port --server.port`)
	nodeMarks   = []string{"server.js", "server.mjs", "server.ts", "app.js", "index.js", `bin\www`, "bin/www", "next start", `\next\`, "/next/", "pm2", "iisnode", "express", "serve ", "--port"}
	pythonMarks = strings.Fields(`gunicorn uvicorn waitress hypercorn daphne flask runserver http.server simplehttpserver wsgi asgi tornado cherrypy wfastcgi mod_wsgi --port`)
	rubyMarks   = strings.Fields(`puma unicorn passenger thin webrick rails rackup`)
)
