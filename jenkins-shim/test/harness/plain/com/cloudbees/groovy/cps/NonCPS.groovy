package com.cloudbees.groovy.cps

/** Stands in for the annotation of Jenkins, which says that a method runs as plain Groovy. Here everything does. */
@interface NonCPS {}
